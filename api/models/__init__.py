"""The table of contents: every model, so that importing this package knows every table."""

from api.models.avatar import Avatar
from api.models.booking import Booking, BookingCreate, BookingPublic, BookingUpdate
from api.models.booking_slot import BookingSlot, BookingSlotCreate, BookingSlotPublic, BookingSlotUpdate
from api.models.comment import Comment, CommentCreate, CommentPublic, CommentUpdate
from api.models.course import Course, CourseCreate, CoursePublic, CourseUpdate, Enrollment, EnrollmentPublic
from api.models.event import Event, Inbox, LiveEvent, Topic
from api.models.group import Group, GroupCreate, GroupMember, GroupMemberPublic, GroupPublic, GroupUpdate
from api.models.idempotency_key import IdempotencyKey
from api.models.note import Note, NoteCreate, NotePublic, NoteUpdate
from api.models.notification import MessageCreate, Notification, NotificationKind, NotificationPublic
from api.models.post import Post, PostCreate, PostPublic, PostUpdate
from api.models.product import Product, ProductCreate, ProductPublic, ProductUpdate, StockChange
from api.models.record import Record, RecordCreate, RecordPublic, RecordUpdate
from api.models.role import Permission, Role, RoleCreate, RolePublic, RoleSummary, RoleUpdate
from api.models.task import Task, TaskCreate, TaskPublic, TaskUpdate
from api.models.user import (
    Transport,
    User,
    UserAdminUpdate,
    UserCreate,
    UserPublic,
    UserRegister,
    UserSummary,
    UserUpdate,
)
from api.models.user_session import RefreshToken, Tokens, UserSession, UserSessionPublic

__all__ = [
    "Avatar",
    "Booking",
    "BookingCreate",
    "BookingPublic",
    "BookingSlot",
    "BookingSlotCreate",
    "BookingSlotPublic",
    "BookingSlotUpdate",
    "BookingUpdate",
    "Comment",
    "CommentCreate",
    "CommentPublic",
    "CommentUpdate",
    "Course",
    "CourseCreate",
    "CoursePublic",
    "CourseUpdate",
    "Enrollment",
    "EnrollmentPublic",
    "Event",
    "Group",
    "GroupCreate",
    "GroupMember",
    "GroupMemberPublic",
    "GroupPublic",
    "GroupUpdate",
    "IdempotencyKey",
    "Inbox",
    "LiveEvent",
    "MessageCreate",
    "Note",
    "NoteCreate",
    "NotePublic",
    "NoteUpdate",
    "Notification",
    "NotificationKind",
    "NotificationPublic",
    "Permission",
    "Post",
    "PostCreate",
    "PostPublic",
    "PostUpdate",
    "Product",
    "ProductCreate",
    "ProductPublic",
    "ProductUpdate",
    "Record",
    "RecordCreate",
    "RecordPublic",
    "RecordUpdate",
    "RefreshToken",
    "Role",
    "RoleCreate",
    "RolePublic",
    "RoleSummary",
    "RoleUpdate",
    "StockChange",
    "Task",
    "TaskCreate",
    "TaskPublic",
    "TaskUpdate",
    "Tokens",
    "Topic",
    "Transport",
    "User",
    "UserAdminUpdate",
    "UserCreate",
    "UserPublic",
    "UserRegister",
    "UserSession",
    "UserSessionPublic",
    "UserSummary",
    "UserUpdate",
]
