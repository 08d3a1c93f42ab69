"""Those parts of an update that we read. A wrong type in one makes the update unreadable; the rest is ignored."""

from pydantic import BaseModel, ConfigDict, Field

NOTES = frozenset(
    {
        "boost_added", "channel_chat_created", "chat_background_set", "chat_owner_changed", "chat_owner_left",
        "chat_shared", "checklist_tasks_added", "checklist_tasks_done", "community_chat_added",
        "community_chat_joined", "community_chat_removed", "connected_website", "delete_chat_photo",
        "direct_message_price_changed", "forum_topic_closed", "forum_topic_created", "forum_topic_edited",
        "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden", "gift",
        "gift_upgrade_sent", "giveaway", "giveaway_completed", "giveaway_created", "giveaway_winners",
        "group_chat_created", "invoice", "left_chat_member", "managed_bot_created",
        "message_auto_delete_timer_changed", "migrate_from_chat_id", "migrate_to_chat_id", "new_chat_members",
        "new_chat_photo", "new_chat_title", "paid_message_price_changed", "passport_data", "pinned_message",
        "poll_option_added", "poll_option_deleted", "proximity_alert_triggered", "refunded_payment",
        "successful_payment", "suggested_post_approval_failed", "suggested_post_approved",
        "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded", "supergroup_chat_created",
        "unique_gift", "user_shared", "users_shared", "video_chat_ended", "video_chat_participants_invited",
        "video_chat_scheduled", "video_chat_started", "web_app_data", "write_access_allowed",
    }
)  # fmt: skip
"""What Telegram itself writes into a chat. Anything else was said by a person, and deserves an answer."""


class Part(BaseModel):
    # Built when the first update comes: a start without Telegram need not wait for it.
    model_config = ConfigDict(frozen=True, defer_build=True)


class User(Part):
    id: int
    is_bot: bool
    first_name: str
    last_name: str | None = None
    language_code: str | None = None


class Chat(Part):
    id: int


class File(Part):
    """A photo's size, a sticker, a voice, a film, a document: each fills what it has."""

    file_id: str
    file_size: int | None = None
    mime_type: str | None = None
    width: int = 0
    height: int = 0
    duration: int = 0


class Location(Part):
    latitude: float
    longitude: float


class Contact(Part):
    phone_number: str


class Button(Part):
    text: str
    callback_data: str | None = None


class Keyboard(Part):
    inline_keyboard: list[list[Button]]


class Answered(Part):
    message_id: int


class Message(Part):
    """Unknown fields are kept: their names say whether a person wrote or Telegram noted something."""

    model_config = ConfigDict(extra="allow")

    message_id: int
    date: int
    chat: Chat
    sender: User | None = Field(None, alias="from")
    edit_date: int | None = None
    text: str | None = None
    caption: str | None = None
    media_group_id: str | None = None
    reply_to_message: Answered | None = None
    reply_markup: Keyboard | None = None
    photo: list[File] | None = None
    sticker: File | None = None
    voice: File | None = None
    audio: File | None = None
    video: File | None = None
    animation: File | None = None
    video_note: File | None = None
    document: File | None = None
    location: Location | None = None
    contact: Contact | None = None


class Press(Part):
    """A button was pressed. Of a message too old to show only its chat is told."""

    id: str
    sender: User = Field(alias="from")
    message: Message | None = None
    data: str | None = None


class Member(Part):
    status: str


class MemberChange(Part):
    chat: Chat
    date: int
    new_chat_member: Member


class Update(Part):
    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Press | None = None
    my_chat_member: MemberChange | None = None
