// Brings one file to the server. Resolves to {id, kind, url}; rejects with a sentence to show, and with `final` when the
// file itself is the reason, so that trying again would not help.

const FINAL = [413, 415];

export function upload(blob, { token, locale, say, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/chat/files");
    request.responseType = "json";
    request.timeout = 120_000;
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("X-Locale", locale);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    const fail = () => {
      const error = new Error(request.response?.message ?? say("failed"));
      reject(Object.assign(error, { final: FINAL.includes(request.status) }));
    };
    request.onload = () => (request.status === 201 ? resolve(request.response) : fail());
    request.onerror = request.ontimeout = fail;
    request.send(blob);
  });
}
