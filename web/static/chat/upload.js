// Brings one file to the server. Resolves to {id, kind, url}; rejects with a sentence to show.

export function upload(blob, { token, locale, say, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/chat/files");
    request.responseType = "json";
    request.timeout = 120_000;
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("X-Locale", locale);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () =>
      request.status === 201 ? resolve(request.response) : reject(new Error(request.response?.message ?? say("failed")));
    request.onerror = request.ontimeout = () => reject(new Error(say("failed")));
    request.send(blob);
  });
}
