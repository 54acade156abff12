export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};
/**
 * AvatarPublic
 */
export type AvatarPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    content_type: ImageType;
};
/**
 * AvatarUpload
 */
export type AvatarUpload = {
    /**
     * PNG, JPEG, WebP or GIF: told by its first bytes, whatever its name and declared type.
     */
    file: Blob | File;
};
/**
 * BookingCreate
 */
export type BookingCreate = {
    /**
     * Who will come.
     */
    customer_name: string;
    notes?: string | null;
    /**
     * How many seats are taken.
     */
    seats?: number;
    /**
     * Where seats are taken.
     */
    slot_id: string;
};
/**
 * BookingEvent
 */
export type BookingEvent = {
    /**
     * Send the last one you have seen when you come back: nothing is lost in between.
     */
    id: number;
    kind: 'booking.created' | 'booking.updated' | 'booking.deleted';
    data: BookingPublic;
};
/**
 * BookingPublic
 */
export type BookingPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    /**
     * Whose it is.
     */
    owner_id: string;
    /**
     * Who will come.
     */
    customer_name: string;
    notes: string | null;
    /**
     * How many seats are taken.
     */
    seats: number;
    /**
     * Where seats are taken.
     */
    slot_id: string;
    status: BookingStatus;
    slot: BookingSlotPublic;
};
/**
 * BookingRow
 */
export type BookingRow = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    /**
     * Whose it is.
     */
    owner_id: string;
    /**
     * Who will come.
     */
    customer_name: string;
    notes: string | null;
    /**
     * How many seats are taken.
     */
    seats: number;
    /**
     * Where seats are taken.
     */
    slot_id: string;
    status: BookingStatus;
};
/**
 * BookingSlotCreate
 */
export type BookingSlotCreate = {
    title: string;
    location?: string | null;
    starts_at: string;
    ends_at: string;
    /**
     * How many seats there are.
     */
    capacity?: number;
};
/**
 * BookingSlotPublic
 */
export type BookingSlotPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    title: string;
    location: string | null;
    starts_at: string;
    ends_at: string;
    /**
     * How many seats there are.
     */
    capacity: number;
    /**
     * How many seats are left.
     */
    available: number;
};
/**
 * BookingSlotUpdate
 */
export type BookingSlotUpdate = {
    title?: string;
    location?: string | null;
    starts_at?: string;
    ends_at?: string;
    /**
     * How many seats there are.
     */
    capacity?: number;
};
/**
 * BookingStatus
 */
export type BookingStatus = 'confirmed' | 'cancelled';
/**
 * BookingUpdate
 */
export type BookingUpdate = {
    /**
     * Who will come.
     */
    customer_name?: string;
    notes?: string | null;
    /**
     * How many seats are taken.
     */
    seats?: number;
};
/**
 * CommentCreate
 */
export type CommentCreate = {
    body: string;
};
/**
 * CommentPublic
 */
export type CommentPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    body: string;
    /**
     * What it comments on.
     */
    post_id: string;
    author: UserSummary;
};
/**
 * CommentRow
 */
export type CommentRow = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    body: string;
    /**
     * What it comments on.
     */
    post_id: string;
};
/**
 * CommentUpdate
 */
export type CommentUpdate = {
    body?: string;
};
/**
 * CourseCreate
 */
export type CourseCreate = {
    title: string;
    description?: string;
    starts_at: string;
    ends_at: string;
    /**
     * How many can be enrolled.
     */
    capacity: number;
    /**
     * For whom it is: a course of a closed group is shown to its members only.
     */
    group_id?: string | null;
    /**
     * Who teaches it; whoever creates it, when left out.
     */
    instructor_id?: string | null;
};
/**
 * CoursePublic
 */
export type CoursePublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    title: string;
    description: string;
    starts_at: string;
    ends_at: string;
    /**
     * How many can be enrolled.
     */
    capacity: number;
    /**
     * For whom it is: a course of a closed group is shown to its members only.
     */
    group_id: string | null;
    /**
     * Null when the instructor's account is gone.
     */
    instructor: UserSummary | null;
    group: GroupSummary | null;
    /**
     * How many are enrolled.
     */
    enrolled_count: number;
};
/**
 * CourseUpdate
 */
export type CourseUpdate = {
    title?: string;
    description?: string;
    starts_at?: string;
    ends_at?: string;
    /**
     * How many can be enrolled.
     */
    capacity?: number;
    /**
     * For whom it is: a course of a closed group is shown to its members only.
     */
    group_id?: string | null;
};
/**
 * EmailChange
 */
export type EmailChange = {
    email: string;
    current_password: string;
};
/**
 * EmailVerify
 */
export type EmailVerify = {
    /**
     * What follows `token=` in the mailed link.
     */
    token: string;
};
/**
 * EnrollmentPublic
 */
export type EnrollmentPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    /**
     * In what.
     */
    course_id: string;
    enrolled_at: string;
    user: UserSummary;
};
/**
 * EnrollmentRow
 */
export type EnrollmentRow = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    /**
     * In what.
     */
    course_id: string;
    enrolled_at: string;
};
/**
 * Export
 *
 * All that is stored about a user.
 */
export type Export = {
    exported_at: string;
    user: UserPublic;
    avatars: Array<AvatarPublic>;
    bookings: Array<BookingRow>;
    comments: Array<CommentRow>;
    enrollments: Array<EnrollmentRow>;
    group_members: Array<GroupMemberRow>;
    groups: Array<GroupRow>;
    notes: Array<NotePublic>;
    notifications: Array<NotificationPublic>;
    posts: Array<PostRow>;
    records: Array<RecordRow>;
    tasks: Array<TaskPublic>;
    user_sessions: Array<UserSessionRow>;
};
/**
 * GroupCreate
 */
export type GroupCreate = {
    name: string;
    description?: string;
    /**
     * Open: for all to see and to join. Closed: only its members see it.
     */
    is_open?: boolean;
};
/**
 * GroupMemberPublic
 */
export type GroupMemberPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    /**
     * Of what.
     */
    group_id: string;
    joined_at: string;
    user: UserSummary;
};
/**
 * GroupMemberRow
 */
export type GroupMemberRow = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    /**
     * Of what.
     */
    group_id: string;
    joined_at: string;
};
/**
 * GroupPublic
 */
export type GroupPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    name: string;
    description: string;
    /**
     * Open: for all to see and to join. Closed: only its members see it.
     */
    is_open: boolean;
    /**
     * Null when the owner's account is gone.
     */
    owner: UserSummary | null;
    /**
     * How many are in it.
     */
    member_count: number;
};
/**
 * GroupRow
 */
export type GroupRow = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    name: string;
    description: string;
    /**
     * Open: for all to see and to join. Closed: only its members see it.
     */
    is_open: boolean;
};
/**
 * GroupSummary
 *
 * A group where it is shown inside a course.
 */
export type GroupSummary = {
    id: string;
    name: string;
};
/**
 * GroupUpdate
 */
export type GroupUpdate = {
    name?: string;
    description?: string;
    /**
     * Open: for all to see and to join. Closed: only its members see it.
     */
    is_open?: boolean;
};
/**
 * Health
 */
export type Health = {
    /**
     * It is; else there is no answer.
     */
    ok: boolean;
    status: 'healthy';
    version: string;
};
/**
 * ImageType
 */
export type ImageType = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
/**
 * LiveEvent
 *
 * What a stream consists of.
 */
export type LiveEvent = ({
    kind: 'ready';
} & ReadyEvent) | ({
    kind: 'reset';
} & ResetEvent) | ({
    kind: 'notification.created';
} & NotificationEvent) | ({
    kind: 'task.created' | 'task.deleted' | 'task.updated';
} & TaskEvent) | ({
    kind: 'note.created' | 'note.deleted' | 'note.updated';
} & NoteEvent) | ({
    kind: 'booking.created' | 'booking.deleted' | 'booking.updated';
} & BookingEvent);
/**
 * MessageCreate
 *
 * What staff sends. Everything else is written by what happens.
 */
export type MessageCreate = {
    /**
     * To whom.
     */
    user_id: string;
    /**
     * Who else gets the same.
     */
    other_user_ids?: Array<string>;
    title: string;
    /**
     * Any JSON object, up to 20000 characters and 10 levels deep.
     */
    data?: JsonObject;
};
/**
 * NoteCreate
 */
export type NoteCreate = {
    title: string;
    content?: string;
};
/**
 * NoteEvent
 */
export type NoteEvent = {
    /**
     * Send the last one you have seen when you come back: nothing is lost in between.
     */
    id: number;
    kind: 'note.created' | 'note.updated' | 'note.deleted';
    data: NotePublic;
};
/**
 * NotePublic
 */
export type NotePublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    /**
     * Whose it is.
     */
    owner_id: string;
    title: string;
    content: string;
};
/**
 * NoteUpdate
 */
export type NoteUpdate = {
    title?: string;
    content?: string;
};
/**
 * NotificationEvent
 */
export type NotificationEvent = {
    /**
     * Send the last one you have seen when you come back: nothing is lost in between.
     */
    id: number;
    kind: 'notification.created';
    data: NotificationPublic;
};
/**
 * NotificationKind
 */
export type NotificationKind = 'booking.confirmed' | 'booking.cancelled' | 'comment.created' | 'group.joined' | 'course.enrolled' | 'record.created' | 'message';
/**
 * NotificationPublic
 */
export type NotificationPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    kind: NotificationKind;
    title: string;
    /**
     * The list in which `entity_id` is found.
     */
    entity: string | null;
    /**
     * What it is about.
     */
    entity_id: string | null;
    /**
     * What more there is to know, depending on the kind.
     */
    data: JsonObject;
    /**
     * Null while it is unread.
     */
    read_at: string | null;
};
/**
 * Order
 */
export type Order = 'asc' | 'desc';
/**
 * BookingPage
 */
export type BookingPage = {
    items: Array<BookingPublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * BookingSlotPage
 */
export type BookingSlotPage = {
    items: Array<BookingSlotPublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * CommentPage
 */
export type CommentPage = {
    items: Array<CommentPublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * CoursePage
 */
export type CoursePage = {
    items: Array<CoursePublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * EnrollmentPage
 */
export type EnrollmentPage = {
    items: Array<EnrollmentPublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * GroupMemberPage
 */
export type GroupMemberPage = {
    items: Array<GroupMemberPublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * GroupPage
 */
export type GroupPage = {
    items: Array<GroupPublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * NotePage
 */
export type NotePage = {
    items: Array<NotePublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * NotificationPage
 */
export type NotificationPage = {
    items: Array<NotificationPublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * PostPage
 */
export type PostPage = {
    items: Array<PostPublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * ProductPage
 */
export type ProductPage = {
    items: Array<ProductPublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * RecordPage
 */
export type RecordPage = {
    items: Array<RecordPublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * RolePage
 */
export type RolePage = {
    items: Array<RolePublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * TaskPage
 */
export type TaskPage = {
    items: Array<TaskPublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * UserPage
 */
export type UserPage = {
    items: Array<UserPublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * UserSessionPage
 */
export type UserSessionPage = {
    items: Array<UserSessionPublic>;
    /**
     * Pass it as `cursor` for the next page; null on the last page.
     */
    next_cursor: string | null;
    /**
     * How many there are in all; only with `count=true`.
     */
    total: number | null;
};
/**
 * PasswordChange
 */
export type PasswordChange = {
    current_password: string;
    new_password: string;
};
/**
 * PasswordForgot
 */
export type PasswordForgot = {
    email: string;
};
/**
 * PasswordForm
 *
 * The OAuth2 password grant; what Swagger's Authorize sends.
 */
export type PasswordForm = {
    grant_type?: 'password';
    /**
     * A username or an e-mail address.
     */
    username: string;
    password: string;
    scope?: string;
    /**
     * Some clients send it; it makes no difference.
     */
    client_id?: string | null;
    /**
     * Some clients send it; it makes no difference.
     */
    client_secret?: string | null;
};
/**
 * PasswordReset
 */
export type PasswordReset = {
    /**
     * What follows `token=` in the mailed link.
     */
    token: string;
    new_password: string;
};
/**
 * Permission
 */
export type Permission = 'users:read' | 'users:write' | 'roles:write' | 'groups:write' | 'courses:write' | 'products:write' | 'posts:moderate' | 'slots:write' | 'bookings:read' | 'bookings:write' | 'records:read' | 'records:write' | 'notifications:send';
/**
 * PostCreate
 */
export type PostCreate = {
    title: string;
    body?: string;
    /**
     * Null, or a moment to come, makes it a draft.
     */
    published_at?: string | null;
};
/**
 * PostPublic
 */
export type PostPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    title: string;
    body: string;
    /**
     * Null, or a moment to come, makes it a draft.
     */
    published_at: string | null;
    author: UserSummary;
    /**
     * How many comments it has.
     */
    comment_count: number;
};
/**
 * PostRow
 */
export type PostRow = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    title: string;
    body: string;
    /**
     * Null, or a moment to come, makes it a draft.
     */
    published_at: string | null;
};
/**
 * PostUpdate
 */
export type PostUpdate = {
    title?: string;
    body?: string;
    /**
     * Null, or a moment to come, makes it a draft.
     */
    published_at?: string | null;
};
/**
 * ProductCreate
 */
export type ProductCreate = {
    name: string;
    description?: string;
    /**
     * An amount of money, as text: it is exact.
     */
    price: string;
    /**
     * How many are in stock.
     */
    quantity?: number;
};
/**
 * ProductPublic
 */
export type ProductPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    name: string;
    description: string;
    /**
     * An amount of money, as text: it is exact.
     */
    price: string;
    /**
     * How many are in stock.
     */
    quantity: number;
};
/**
 * ProductUpdate
 */
export type ProductUpdate = {
    name?: string;
    description?: string;
    /**
     * An amount of money, as text: it is exact.
     */
    price?: string;
    /**
     * How many are in stock.
     */
    quantity?: number;
};
/**
 * Ready
 */
export type Ready = {
    /**
     * It is; else the answer is a problem.
     */
    ok: boolean;
    /**
     * What is away that we can do without for a while.
     */
    degraded: Array<string>;
};
/**
 * ReadyEvent
 *
 * The first event: from here on, you are told everything.
 */
export type ReadyEvent = {
    /**
     * Send the last one you have seen when you come back: nothing is lost in between.
     */
    id: number;
    kind: 'ready';
};
/**
 * RecordCreate
 */
export type RecordCreate = {
    /**
     * What sort of record; any word will do.
     */
    kind: string;
    title: string;
    occurred_at: string;
    /**
     * Any JSON object, up to 20000 characters and 10 levels deep.
     */
    data?: JsonObject;
    /**
     * What it was noted at.
     */
    booking_id?: string | null;
    /**
     * Whom it is about.
     */
    user_id: string;
};
/**
 * RecordPublic
 */
export type RecordPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    /**
     * What sort of record; any word will do.
     */
    kind: string;
    title: string;
    occurred_at: string;
    /**
     * Any JSON object, up to 20000 characters and 10 levels deep.
     */
    data: JsonObject;
    /**
     * What it was noted at.
     */
    booking_id: string | null;
    /**
     * Whom it is about.
     */
    user: UserSummary;
    /**
     * Null when the author's account is gone.
     */
    author: UserSummary | null;
};
/**
 * RecordRow
 */
export type RecordRow = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    /**
     * What sort of record; any word will do.
     */
    kind: string;
    title: string;
    occurred_at: string;
    /**
     * Any JSON object, up to 20000 characters and 10 levels deep.
     */
    data: JsonObject;
    /**
     * What it was noted at.
     */
    booking_id: string | null;
};
/**
 * RecordUpdate
 */
export type RecordUpdate = {
    /**
     * What sort of record; any word will do.
     */
    kind?: string;
    title?: string;
    occurred_at?: string;
    /**
     * Any JSON object, up to 20000 characters and 10 levels deep.
     */
    data?: JsonObject;
    /**
     * What it was noted at.
     */
    booking_id?: string | null;
};
/**
 * Refresh
 */
export type Refresh = {
    /**
     * Leave it out when it is in the cookie.
     */
    refresh_token?: string | null;
};
/**
 * ResetEvent
 *
 * The first event when there is a gap, because you were away for too long: load anew what you show.
 */
export type ResetEvent = {
    /**
     * Send the last one you have seen when you come back: nothing is lost in between.
     */
    id: number;
    kind: 'reset';
};
/**
 * RoleCreate
 */
export type RoleCreate = {
    name: string;
    description?: string;
    /**
     * What it allows; each once, in order of the alphabet.
     */
    permissions?: Array<Permission>;
};
/**
 * RolePublic
 */
export type RolePublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    name: string;
    description: string;
    /**
     * What it allows; each once, in order of the alphabet.
     */
    permissions: Array<Permission>;
};
/**
 * RoleSummary
 *
 * A role where it is shown inside a user.
 */
export type RoleSummary = {
    id: string;
    name: string;
    permissions: Array<Permission>;
};
/**
 * RoleUpdate
 */
export type RoleUpdate = {
    name?: string;
    description?: string;
    /**
     * What it allows; each once, in order of the alphabet.
     */
    permissions?: Array<Permission>;
};
/**
 * SignIn
 */
export type SignIn = {
    /**
     * A username or an e-mail address.
     */
    username: string;
    password: string;
    /**
     * Where the refresh token goes: body, or HttpOnly cookie.
     */
    transport?: Transport;
};
/**
 * StockChange
 */
export type StockChange = {
    /**
     * How many come in, or, if negative, go out.
     */
    change: number;
};
/**
 * TaskCreate
 */
export type TaskCreate = {
    description: string;
    /**
     * Any word, to filter by.
     */
    category?: string | null;
    deadline?: string | null;
    status?: TaskStatus;
};
/**
 * TaskEvent
 */
export type TaskEvent = {
    /**
     * Send the last one you have seen when you come back: nothing is lost in between.
     */
    id: number;
    kind: 'task.created' | 'task.updated' | 'task.deleted';
    data: TaskPublic;
};
/**
 * TaskPublic
 */
export type TaskPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    /**
     * Whose it is.
     */
    owner_id: string;
    description: string;
    /**
     * Any word, to filter by.
     */
    category: string | null;
    deadline: string | null;
    status: TaskStatus;
};
/**
 * TaskStatus
 */
export type TaskStatus = 'To Do' | 'In Progress' | 'Done';
/**
 * TaskUpdate
 */
export type TaskUpdate = {
    description?: string;
    /**
     * Any word, to filter by.
     */
    category?: string | null;
    deadline?: string | null;
    status?: TaskStatus;
};
/**
 * Tokens
 *
 * What signing in, registering and refreshing answer with.
 */
export type Tokens = {
    /**
     * Send it as `Authorization: Bearer …`.
     */
    access_token: string;
    token_type: 'bearer';
    /**
     * Seconds until the access token ends.
     */
    expires_in: number;
    /**
     * Null when it went into the cookie.
     */
    refresh_token: string | null;
};
/**
 * Topic
 *
 * What one can listen to: the tables that are live.
 */
export type Topic = 'notifications' | 'tasks' | 'notes' | 'bookings';
/**
 * Transport
 */
export type Transport = 'body' | 'cookie';
/**
 * UserAdminUpdate
 */
export type UserAdminUpdate = {
    /**
     * A role's name.
     */
    role?: string;
    /**
     * Letters, digits, dot, hyphen, underscore.
     */
    username?: string;
    first_name?: string | null;
    last_name?: string | null;
    child_name?: string | null;
    child_sex_assigned_at_birth?: string | null;
    child_dob?: string | null;
    email?: string;
    /**
     * Whether the address was confirmed by a mailed link.
     */
    email_verified?: boolean;
    /**
     * Whether they may sign in.
     */
    is_active?: boolean;
};
/**
 * UserCreate
 */
export type UserCreate = {
    /**
     * A role's name.
     */
    role?: string;
    /**
     * Letters, digits, dot, hyphen, underscore.
     */
    username: string;
    first_name?: string | null;
    last_name?: string | null;
    child_name?: string | null;
    child_sex_assigned_at_birth?: string | null;
    child_dob?: string | null;
    email: string;
    /**
     * Whether the address was confirmed by a mailed link.
     */
    email_verified?: boolean;
    /**
     * Whether they may sign in.
     */
    is_active?: boolean;
    password: string;
};
/**
 * UserPublic
 *
 * All that a user, and whoever has `users:read`, sees.
 */
export type UserPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    /**
     * Letters, digits, dot, hyphen, underscore.
     */
    username: string;
    first_name: string | null;
    last_name: string | null;
    child_name: string | null;
    child_sex_assigned_at_birth: string | null;
    child_dob: string | null;
    email: string;
    /**
     * Whether the address was confirmed by a mailed link.
     */
    email_verified: boolean;
    /**
     * Whether they may sign in.
     */
    is_active: boolean;
    /**
     * The path of the picture on this host, or null. It leads to the same picture for ever, or to nothing.
     */
    avatar_url: string | null;
    /**
     * First and last name; without them, the username.
     */
    full_name: string;
    role: RoleSummary;
};
/**
 * UserRegister
 */
export type UserRegister = {
    /**
     * Letters, digits, dot, hyphen, underscore.
     */
    username: string;
    first_name?: string | null;
    last_name?: string | null;
    child_name?: string | null;
    child_sex_assigned_at_birth?: string | null;
    child_dob?: string | null;
    email: string;
    password: string;
    /**
     * Where the refresh token goes: body, or HttpOnly cookie.
     */
    transport?: Transport;
};
/**
 * UserSessionPublic
 */
export type UserSessionPublic = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    /**
     * What the browser or app calls itself.
     */
    user_agent: string | null;
    ip_address: string | null;
    last_used_at: string;
    expires_at: string;
    /**
     * Whether it is the one this request was made with.
     */
    current: boolean;
};
/**
 * UserSessionRow
 */
export type UserSessionRow = {
    /**
     * Made by the server; sorts by age.
     */
    id: string;
    created_at: string;
    updated_at: string;
    /**
     * What the browser or app calls itself.
     */
    user_agent: string | null;
    ip_address: string | null;
    last_used_at: string;
    expires_at: string;
};
/**
 * UserSummary
 *
 * A user wherever others see one: as author, member or instructor.
 */
export type UserSummary = {
    id: string;
    username: string;
    /**
     * First and last name; without them, the username.
     */
    full_name: string;
    /**
     * The path of the picture on this host, or null. It leads to the same picture for ever, or to nothing.
     */
    avatar_url: string | null;
};
/**
 * UserUpdate
 *
 * What everybody may change about themselves.
 */
export type UserUpdate = {
    /**
     * Letters, digits, dot, hyphen, underscore.
     */
    username?: string;
    first_name?: string | null;
    last_name?: string | null;
    child_name?: string | null;
    child_sex_assigned_at_birth?: string | null;
    child_dob?: string | null;
};
/**
 * JsonObject
 *
 * Any JSON object, up to 20000 characters and 10 levels deep.
 */
export type JsonObject = {
    [key: string]: string | number | boolean | null | JsonObject | Array<unknown>;
};
/**
 * Code
 *
 * Every `code` that a problem can have.
 */
export type Code = 'invalid_token' | 'token_reused' | 'invalid_credentials' | 'forbidden' | 'not_found' | 'method_not_allowed' | 'conflict' | 'already_exists' | 'last_admin' | 'role_in_use' | 'role_protected' | 'slot_full' | 'slot_past' | 'slot_in_use' | 'already_cancelled' | 'course_full' | 'course_over' | 'capacity_taken' | 'out_of_stock' | 'overstocked' | 'request_in_progress' | 'stale' | 'too_large' | 'unsupported_media_type' | 'invalid_request' | 'key_reused' | 'too_many_requests' | 'internal_error' | 'unavailable';
/**
 * FieldError
 *
 * One reason why a request was refused.
 */
export type FieldError = {
    /**
     * Where it is: `body`, `query`, `path` or `header`, then the way to the field.
     */
    loc: Array<string | number>;
    /**
     * What is wrong, for people.
     */
    msg: string;
    /**
     * What is wrong, for programs.
     */
    type: string;
};
/**
 * Problem
 *
 * RFC 9457 problem details: the one shape of every error.
 */
export type Problem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: number;
    code: Code;
    /**
     * What happened, for people.
     */
    detail: string;
    /**
     * The fields at fault, where the request itself was.
     */
    errors?: Array<FieldError>;
};
/**
 * InvalidTokenProblem
 *
 * Sign in again: the token is missing, wrong, expired or revoked.
 */
export type InvalidTokenProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 401;
    code: 'invalid_token';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * TokenReusedProblem
 *
 * This refresh token was used before. Sign in again.
 */
export type TokenReusedProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 401;
    code: 'token_reused';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * InvalidCredentialsProblem
 *
 * Wrong name or password.
 */
export type InvalidCredentialsProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 401;
    code: 'invalid_credentials';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * ForbiddenProblem
 *
 * You may not do this.
 */
export type ForbiddenProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 403;
    code: 'forbidden';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * NotFoundProblem
 *
 * There is nothing here, or it is not yours.
 */
export type NotFoundProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 404;
    code: 'not_found';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * ConflictProblem
 *
 * This conflicts with what is already stored.
 */
export type ConflictProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'conflict';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * AlreadyExistsProblem
 *
 * Another one with this value exists.
 */
export type AlreadyExistsProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'already_exists';
    /**
     * What happened, for people.
     */
    detail: string;
    /**
     * The fields at fault, where the request itself was.
     */
    errors?: Array<FieldError>;
};
/**
 * LastAdminProblem
 *
 * The last active admin cannot be demoted, deactivated or deleted.
 */
export type LastAdminProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'last_admin';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * RoleInUseProblem
 *
 * This role is held by users. Give them another one first.
 */
export type RoleInUseProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'role_in_use';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * RoleProtectedProblem
 *
 * This is a built-in role.
 */
export type RoleProtectedProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'role_protected';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * SlotFullProblem
 *
 * There are not enough seats left in this slot.
 */
export type SlotFullProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'slot_full';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * SlotPastProblem
 *
 * This slot has begun already.
 */
export type SlotPastProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'slot_past';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * SlotInUseProblem
 *
 * This slot has confirmed bookings. Cancel them first.
 */
export type SlotInUseProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'slot_in_use';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * AlreadyCancelledProblem
 *
 * This booking is cancelled.
 */
export type AlreadyCancelledProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'already_cancelled';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * CourseFullProblem
 *
 * This course is full.
 */
export type CourseFullProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'course_full';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * CourseOverProblem
 *
 * This course is over.
 */
export type CourseOverProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'course_over';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * CapacityTakenProblem
 *
 * More seats than that are taken already.
 */
export type CapacityTakenProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'capacity_taken';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * OutOfStockProblem
 *
 * There is not so much in stock.
 */
export type OutOfStockProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'out_of_stock';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * OverstockedProblem
 *
 * More than can be counted would be in stock.
 */
export type OverstockedProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'overstocked';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * RequestInProgressProblem
 *
 * A request with this Idempotency-Key is still running.
 */
export type RequestInProgressProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 409;
    code: 'request_in_progress';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * StaleProblem
 *
 * It was changed since you read it. Read it again, then decide.
 */
export type StaleProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 412;
    code: 'stale';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * TooLargeProblem
 *
 * The body is larger than this server accepts.
 */
export type TooLargeProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 413;
    code: 'too_large';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * UnsupportedMediaTypeProblem
 *
 * Send this body with the content type it is documented with.
 */
export type UnsupportedMediaTypeProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 415;
    code: 'unsupported_media_type';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * InvalidRequestProblem
 *
 * The request does not match its schema.
 */
export type InvalidRequestProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 422;
    code: 'invalid_request';
    /**
     * What happened, for people.
     */
    detail: string;
    /**
     * The fields at fault, where the request itself was.
     */
    errors?: Array<FieldError>;
};
/**
 * KeyReusedProblem
 *
 * This Idempotency-Key came with another request before.
 */
export type KeyReusedProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 422;
    code: 'key_reused';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * TooManyRequestsProblem
 *
 * Too many requests. Try again later.
 */
export type TooManyRequestsProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 429;
    code: 'too_many_requests';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * InternalErrorProblem
 *
 * Something broke on our side. The request id finds it in our log.
 */
export type InternalErrorProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 500;
    code: 'internal_error';
    /**
     * What happened, for people.
     */
    detail: string;
};
/**
 * UnavailableProblem
 *
 * The database is away or too busy. Try again in a moment.
 */
export type UnavailableProblem = {
    /**
     * RFC 9457 wants one; `code` says more.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: 503;
    code: 'unavailable';
    /**
     * What happened, for people.
     */
    detail: string;
};
export type GetHealthData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/health';
};
export type GetHealthErrors = {
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetHealthError = GetHealthErrors[keyof GetHealthErrors];
export type GetHealthResponses = {
    /**
     * OK
     */
    200: Health;
};
export type GetHealthResponse = GetHealthResponses[keyof GetHealthResponses];
export type GetReadyData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/ready';
};
export type GetReadyErrors = {
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetReadyError = GetReadyErrors[keyof GetReadyErrors];
export type GetReadyResponses = {
    /**
     * OK
     */
    200: Ready;
};
export type GetReadyResponse = GetReadyResponses[keyof GetReadyResponses];
export type RegisterData = {
    body: UserRegister;
    path?: never;
    query?: never;
    url: '/api/v1/auth/register';
};
export type RegisterErrors = {
    /**
     * Conflict. `already_exists`: Another one with this value exists.
     */
    409: AlreadyExistsProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Too Many Requests. `too_many_requests`: Too many requests. Try again later.
     */
    429: TooManyRequestsProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type RegisterError = RegisterErrors[keyof RegisterErrors];
export type RegisterResponses = {
    /**
     * Created
     */
    201: Tokens;
};
export type RegisterResponse = RegisterResponses[keyof RegisterResponses];
export type LoginData = {
    body: SignIn;
    path?: never;
    query?: never;
    url: '/api/v1/auth/login';
};
export type LoginErrors = {
    /**
     * Unauthorized. `invalid_credentials`: Wrong name or password.
     */
    401: InvalidCredentialsProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Too Many Requests. `too_many_requests`: Too many requests. Try again later.
     */
    429: TooManyRequestsProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type LoginError = LoginErrors[keyof LoginErrors];
export type LoginResponses = {
    /**
     * OK
     */
    200: Tokens;
};
export type LoginResponse = LoginResponses[keyof LoginResponses];
export type CreateTokenData = {
    body: PasswordForm;
    path?: never;
    query?: never;
    url: '/api/v1/auth/token';
};
export type CreateTokenErrors = {
    /**
     * Unauthorized. `invalid_credentials`: Wrong name or password.
     */
    401: InvalidCredentialsProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Too Many Requests. `too_many_requests`: Too many requests. Try again later.
     */
    429: TooManyRequestsProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type CreateTokenError = CreateTokenErrors[keyof CreateTokenErrors];
export type CreateTokenResponses = {
    /**
     * OK
     */
    200: Tokens;
};
export type CreateTokenResponse = CreateTokenResponses[keyof CreateTokenResponses];
export type RefreshData = {
    body?: Refresh;
    path?: never;
    query?: never;
    url: '/api/v1/auth/refresh';
};
export type RefreshErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked. `token_reused`: This refresh token was used before. Sign in again.
     */
    401: InvalidTokenProblem | TokenReusedProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type RefreshError = RefreshErrors[keyof RefreshErrors];
export type RefreshResponses = {
    /**
     * OK
     */
    200: Tokens;
};
export type RefreshResponse = RefreshResponses[keyof RefreshResponses];
export type LogoutData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/logout';
};
export type LogoutErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type LogoutError = LogoutErrors[keyof LogoutErrors];
export type LogoutResponses = {
    /**
     * No Content
     */
    204: void;
};
export type LogoutResponse = LogoutResponses[keyof LogoutResponses];
export type DeleteOtherSessionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/sessions';
};
export type DeleteOtherSessionsErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteOtherSessionsError = DeleteOtherSessionsErrors[keyof DeleteOtherSessionsErrors];
export type DeleteOtherSessionsResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteOtherSessionsResponse = DeleteOtherSessionsResponses[keyof DeleteOtherSessionsResponses];
export type ListSessionsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id' | 'last_used_at';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
    };
    url: '/api/v1/auth/sessions';
};
export type ListSessionsErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListSessionsError = ListSessionsErrors[keyof ListSessionsErrors];
export type ListSessionsResponses = {
    /**
     * OK
     */
    200: UserSessionPage;
};
export type ListSessionsResponse = ListSessionsResponses[keyof ListSessionsResponses];
export type DeleteSessionData = {
    body?: never;
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/auth/sessions/{id}';
};
export type DeleteSessionErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteSessionError = DeleteSessionErrors[keyof DeleteSessionErrors];
export type DeleteSessionResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteSessionResponse = DeleteSessionResponses[keyof DeleteSessionResponses];
export type ForgotPasswordData = {
    body: PasswordForgot;
    path?: never;
    query?: never;
    url: '/api/v1/auth/password/forgot';
};
export type ForgotPasswordErrors = {
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Too Many Requests. `too_many_requests`: Too many requests. Try again later.
     */
    429: TooManyRequestsProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ForgotPasswordError = ForgotPasswordErrors[keyof ForgotPasswordErrors];
export type ForgotPasswordResponses = {
    /**
     * Accepted
     */
    202: null;
};
export type ForgotPasswordResponse = ForgotPasswordResponses[keyof ForgotPasswordResponses];
export type ResetForgottenPasswordData = {
    body: PasswordReset;
    path?: never;
    query?: never;
    url: '/api/v1/auth/password/reset';
};
export type ResetForgottenPasswordErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Too Many Requests. `too_many_requests`: Too many requests. Try again later.
     */
    429: TooManyRequestsProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ResetForgottenPasswordError = ResetForgottenPasswordErrors[keyof ResetForgottenPasswordErrors];
export type ResetForgottenPasswordResponses = {
    /**
     * No Content
     */
    204: void;
};
export type ResetForgottenPasswordResponse = ResetForgottenPasswordResponses[keyof ResetForgottenPasswordResponses];
export type RequestEmailVerificationData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/email/verify/request';
};
export type RequestEmailVerificationErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Too Many Requests. `too_many_requests`: Too many requests. Try again later.
     */
    429: TooManyRequestsProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type RequestEmailVerificationError = RequestEmailVerificationErrors[keyof RequestEmailVerificationErrors];
export type RequestEmailVerificationResponses = {
    /**
     * Accepted
     */
    202: null;
};
export type RequestEmailVerificationResponse = RequestEmailVerificationResponses[keyof RequestEmailVerificationResponses];
export type ConfirmEmailData = {
    body: EmailVerify;
    path?: never;
    query?: never;
    url: '/api/v1/auth/email/verify';
};
export type ConfirmEmailErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Conflict. `already_exists`: Another one with this value exists.
     */
    409: AlreadyExistsProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Too Many Requests. `too_many_requests`: Too many requests. Try again later.
     */
    429: TooManyRequestsProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ConfirmEmailError = ConfirmEmailErrors[keyof ConfirmEmailErrors];
export type ConfirmEmailResponses = {
    /**
     * No Content
     */
    204: void;
};
export type ConfirmEmailResponse = ConfirmEmailResponses[keyof ConfirmEmailResponses];
export type DeleteMeData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/users/me';
};
export type DeleteMeErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Conflict. `last_admin`: The last active admin cannot be demoted, deactivated or deleted.
     */
    409: LastAdminProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteMeError = DeleteMeErrors[keyof DeleteMeErrors];
export type DeleteMeResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteMeResponse = DeleteMeResponses[keyof DeleteMeResponses];
export type GetMeData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have: answered with 304 while it is still that.
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/users/me';
};
export type GetMeErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetMeError = GetMeErrors[keyof GetMeErrors];
export type GetMeResponses = {
    /**
     * OK
     */
    200: UserPublic;
};
export type GetMeResponse = GetMeResponses[keyof GetMeResponses];
export type UpdateMeData = {
    body: UserUpdate;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/users/me';
};
export type UpdateMeErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Conflict. `already_exists`: Another one with this value exists.
     */
    409: AlreadyExistsProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type UpdateMeError = UpdateMeErrors[keyof UpdateMeErrors];
export type UpdateMeResponses = {
    /**
     * OK
     */
    200: UserPublic;
};
export type UpdateMeResponse = UpdateMeResponses[keyof UpdateMeResponses];
export type ChangePasswordData = {
    body: PasswordChange;
    path?: never;
    query?: never;
    url: '/api/v1/users/me/password';
};
export type ChangePasswordErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Conflict. `conflict`: This conflicts with what is already stored.
     */
    409: ConflictProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Too Many Requests. `too_many_requests`: Too many requests. Try again later.
     */
    429: TooManyRequestsProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ChangePasswordError = ChangePasswordErrors[keyof ChangePasswordErrors];
export type ChangePasswordResponses = {
    /**
     * No Content
     */
    204: void;
};
export type ChangePasswordResponse = ChangePasswordResponses[keyof ChangePasswordResponses];
export type ChangeEmailData = {
    body: EmailChange;
    path?: never;
    query?: never;
    url: '/api/v1/users/me/email';
};
export type ChangeEmailErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Conflict. `already_exists`: Another one with this value exists.
     */
    409: AlreadyExistsProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Too Many Requests. `too_many_requests`: Too many requests. Try again later.
     */
    429: TooManyRequestsProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ChangeEmailError = ChangeEmailErrors[keyof ChangeEmailErrors];
export type ChangeEmailResponses = {
    /**
     * Accepted
     */
    202: null;
};
export type ChangeEmailResponse = ChangeEmailResponses[keyof ChangeEmailResponses];
export type ExportMeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/users/me/export';
};
export type ExportMeErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ExportMeError = ExportMeErrors[keyof ExportMeErrors];
export type ExportMeResponses = {
    /**
     * OK
     */
    200: Export;
};
export type ExportMeResponse = ExportMeResponses[keyof ExportMeResponses];
export type DeleteAvatarData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/users/me/avatar';
};
export type DeleteAvatarErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteAvatarError = DeleteAvatarErrors[keyof DeleteAvatarErrors];
export type DeleteAvatarResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteAvatarResponse = DeleteAvatarResponses[keyof DeleteAvatarResponses];
export type SetAvatarData = {
    body: AvatarUpload;
    path?: never;
    query?: never;
    url: '/api/v1/users/me/avatar';
};
export type SetAvatarErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type SetAvatarError = SetAvatarErrors[keyof SetAvatarErrors];
export type SetAvatarResponses = {
    /**
     * OK
     */
    200: UserPublic;
};
export type SetAvatarResponse = SetAvatarResponses[keyof SetAvatarResponses];
export type GetAvatarData = {
    body?: never;
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/avatars/{id}';
};
export type GetAvatarErrors = {
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetAvatarError = GetAvatarErrors[keyof GetAvatarErrors];
export type GetAvatarResponses = {
    /**
     * OK
     */
    200: Blob | File;
};
export type GetAvatarResponse = GetAvatarResponses[keyof GetAvatarResponses];
export type ListUsersData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id' | 'username' | 'email';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
        /**
         * Only with this `role`.
         */
        role?: string;
        /**
         * Only with this `is_active`.
         */
        is_active?: boolean;
        /**
         * Only with this `email_verified`.
         */
        email_verified?: boolean;
        /**
         * Search in username, email, first_name, last_name; upper and lower case are the same.
         */
        q?: string;
    };
    url: '/api/v1/users';
};
export type ListUsersErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListUsersError = ListUsersErrors[keyof ListUsersErrors];
export type ListUsersResponses = {
    /**
     * OK
     */
    200: UserPage;
};
export type ListUsersResponse = ListUsersResponses[keyof ListUsersResponses];
export type AddUserData = {
    body: UserCreate;
    path?: never;
    query?: never;
    url: '/api/v1/users';
};
export type AddUserErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Conflict. `already_exists`: Another one with this value exists.
     */
    409: AlreadyExistsProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type AddUserError = AddUserErrors[keyof AddUserErrors];
export type AddUserResponses = {
    /**
     * Created
     */
    201: UserPublic;
};
export type AddUserResponse = AddUserResponses[keyof AddUserResponses];
export type DeleteUserData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/users/{id}';
};
export type DeleteUserErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Conflict. `last_admin`: The last active admin cannot be demoted, deactivated or deleted.
     */
    409: LastAdminProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteUserError = DeleteUserErrors[keyof DeleteUserErrors];
export type DeleteUserResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteUserResponse = DeleteUserResponses[keyof DeleteUserResponses];
export type GetUserData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have: answered with 304 while it is still that.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/users/{id}';
};
export type GetUserErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetUserError = GetUserErrors[keyof GetUserErrors];
export type GetUserResponses = {
    /**
     * OK
     */
    200: UserPublic;
};
export type GetUserResponse = GetUserResponses[keyof GetUserResponses];
export type UpdateUserData = {
    body: UserAdminUpdate;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/users/{id}';
};
export type UpdateUserErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Conflict. `already_exists`: Another one with this value exists. `last_admin`: The last active admin cannot be demoted, deactivated or deleted.
     */
    409: AlreadyExistsProblem | LastAdminProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type UpdateUserError = UpdateUserErrors[keyof UpdateUserErrors];
export type UpdateUserResponses = {
    /**
     * OK
     */
    200: UserPublic;
};
export type UpdateUserResponse = UpdateUserResponses[keyof UpdateUserResponses];
export type ListRolesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id' | 'name';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
        /**
         * Search in name, description; upper and lower case are the same.
         */
        q?: string;
    };
    url: '/api/v1/roles';
};
export type ListRolesErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListRolesError = ListRolesErrors[keyof ListRolesErrors];
export type ListRolesResponses = {
    /**
     * OK
     */
    200: RolePage;
};
export type ListRolesResponse = ListRolesResponses[keyof ListRolesResponses];
export type CreateRoleData = {
    body: RoleCreate;
    path?: never;
    query?: never;
    url: '/api/v1/roles';
};
export type CreateRoleErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Conflict. `already_exists`: Another one with this value exists.
     */
    409: AlreadyExistsProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type CreateRoleError = CreateRoleErrors[keyof CreateRoleErrors];
export type CreateRoleResponses = {
    /**
     * Created
     */
    201: RolePublic;
};
export type CreateRoleResponse = CreateRoleResponses[keyof CreateRoleResponses];
export type DeleteRoleData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/roles/{id}';
};
export type DeleteRoleErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Conflict. `role_in_use`: This role is held by users. Give them another one first. `role_protected`: This is a built-in role.
     */
    409: RoleInUseProblem | RoleProtectedProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteRoleError = DeleteRoleErrors[keyof DeleteRoleErrors];
export type DeleteRoleResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteRoleResponse = DeleteRoleResponses[keyof DeleteRoleResponses];
export type GetRoleData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have: answered with 304 while it is still that.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/roles/{id}';
};
export type GetRoleErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetRoleError = GetRoleErrors[keyof GetRoleErrors];
export type GetRoleResponses = {
    /**
     * OK
     */
    200: RolePublic;
};
export type GetRoleResponse = GetRoleResponses[keyof GetRoleResponses];
export type UpdateRoleData = {
    body: RoleUpdate;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/roles/{id}';
};
export type UpdateRoleErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Conflict. `already_exists`: Another one with this value exists. `role_protected`: This is a built-in role.
     */
    409: AlreadyExistsProblem | RoleProtectedProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type UpdateRoleError = UpdateRoleErrors[keyof UpdateRoleErrors];
export type UpdateRoleResponses = {
    /**
     * OK
     */
    200: RolePublic;
};
export type UpdateRoleResponse = UpdateRoleResponses[keyof UpdateRoleResponses];
export type ListGroupsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id' | 'name';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
        /**
         * Only with this `is_open`.
         */
        is_open?: boolean;
        /**
         * Only with this `joined`.
         */
        joined?: boolean;
        /**
         * Search in name, description; upper and lower case are the same.
         */
        q?: string;
    };
    url: '/api/v1/groups';
};
export type ListGroupsErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListGroupsError = ListGroupsErrors[keyof ListGroupsErrors];
export type ListGroupsResponses = {
    /**
     * OK
     */
    200: GroupPage;
};
export type ListGroupsResponse = ListGroupsResponses[keyof ListGroupsResponses];
export type CreateGroupData = {
    body: GroupCreate;
    path?: never;
    query?: never;
    url: '/api/v1/groups';
};
export type CreateGroupErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Conflict. `already_exists`: Another one with this value exists.
     */
    409: AlreadyExistsProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type CreateGroupError = CreateGroupErrors[keyof CreateGroupErrors];
export type CreateGroupResponses = {
    /**
     * Created
     */
    201: GroupPublic;
};
export type CreateGroupResponse = CreateGroupResponses[keyof CreateGroupResponses];
export type DeleteGroupData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/groups/{id}';
};
export type DeleteGroupErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteGroupError = DeleteGroupErrors[keyof DeleteGroupErrors];
export type DeleteGroupResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteGroupResponse = DeleteGroupResponses[keyof DeleteGroupResponses];
export type GetGroupData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have: answered with 304 while it is still that.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/groups/{id}';
};
export type GetGroupErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetGroupError = GetGroupErrors[keyof GetGroupErrors];
export type GetGroupResponses = {
    /**
     * OK
     */
    200: GroupPublic;
};
export type GetGroupResponse = GetGroupResponses[keyof GetGroupResponses];
export type UpdateGroupData = {
    body: GroupUpdate;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/groups/{id}';
};
export type UpdateGroupErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Conflict. `already_exists`: Another one with this value exists.
     */
    409: AlreadyExistsProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type UpdateGroupError = UpdateGroupErrors[keyof UpdateGroupErrors];
export type UpdateGroupResponses = {
    /**
     * OK
     */
    200: GroupPublic;
};
export type UpdateGroupResponse = UpdateGroupResponses[keyof UpdateGroupResponses];
export type ListMembersData = {
    body?: never;
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
    };
    url: '/api/v1/groups/{id}/members';
};
export type ListMembersErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListMembersError = ListMembersErrors[keyof ListMembersErrors];
export type ListMembersResponses = {
    /**
     * OK
     */
    200: GroupMemberPage;
};
export type ListMembersResponse = ListMembersResponses[keyof ListMembersResponses];
export type RemoveMemberData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Whom: a user's id, or `me` for oneself.
         */
        user_id: string | 'me';
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/groups/{id}/members/{user_id}';
};
export type RemoveMemberErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type RemoveMemberError = RemoveMemberErrors[keyof RemoveMemberErrors];
export type RemoveMemberResponses = {
    /**
     * No Content
     */
    204: void;
};
export type RemoveMemberResponse = RemoveMemberResponses[keyof RemoveMemberResponses];
export type AddMemberData = {
    body?: never;
    path: {
        /**
         * Whom: a user's id, or `me` for oneself.
         */
        user_id: string | 'me';
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/groups/{id}/members/{user_id}';
};
export type AddMemberErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type AddMemberError = AddMemberErrors[keyof AddMemberErrors];
export type AddMemberResponses = {
    /**
     * No Content
     */
    204: void;
};
export type AddMemberResponse = AddMemberResponses[keyof AddMemberResponses];
export type ListCoursesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id' | 'starts_at' | 'title';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
        /**
         * Only with this `instructor_id`.
         */
        instructor_id?: string;
        /**
         * Only with this `group_id`.
         */
        group_id?: string;
        /**
         * Earlier than this.
         */
        starts_before?: string;
        /**
         * Later than this.
         */
        starts_after?: string;
        /**
         * Search in title, description; upper and lower case are the same.
         */
        q?: string;
    };
    url: '/api/v1/courses';
};
export type ListCoursesErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListCoursesError = ListCoursesErrors[keyof ListCoursesErrors];
export type ListCoursesResponses = {
    /**
     * OK
     */
    200: CoursePage;
};
export type ListCoursesResponse = ListCoursesResponses[keyof ListCoursesResponses];
export type CreateCourseData = {
    body: CourseCreate;
    path?: never;
    query?: never;
    url: '/api/v1/courses';
};
export type CreateCourseErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type CreateCourseError = CreateCourseErrors[keyof CreateCourseErrors];
export type CreateCourseResponses = {
    /**
     * Created
     */
    201: CoursePublic;
};
export type CreateCourseResponse = CreateCourseResponses[keyof CreateCourseResponses];
export type DeleteCourseData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/courses/{id}';
};
export type DeleteCourseErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteCourseError = DeleteCourseErrors[keyof DeleteCourseErrors];
export type DeleteCourseResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteCourseResponse = DeleteCourseResponses[keyof DeleteCourseResponses];
export type GetCourseData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have: answered with 304 while it is still that.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/courses/{id}';
};
export type GetCourseErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetCourseError = GetCourseErrors[keyof GetCourseErrors];
export type GetCourseResponses = {
    /**
     * OK
     */
    200: CoursePublic;
};
export type GetCourseResponse = GetCourseResponses[keyof GetCourseResponses];
export type UpdateCourseData = {
    body: CourseUpdate;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/courses/{id}';
};
export type UpdateCourseErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Conflict. `capacity_taken`: More seats than that are taken already.
     */
    409: CapacityTakenProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type UpdateCourseError = UpdateCourseErrors[keyof UpdateCourseErrors];
export type UpdateCourseResponses = {
    /**
     * OK
     */
    200: CoursePublic;
};
export type UpdateCourseResponse = UpdateCourseResponses[keyof UpdateCourseResponses];
export type ListEnrollmentsData = {
    body?: never;
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
    };
    url: '/api/v1/courses/{id}/enrollments';
};
export type ListEnrollmentsErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListEnrollmentsError = ListEnrollmentsErrors[keyof ListEnrollmentsErrors];
export type ListEnrollmentsResponses = {
    /**
     * OK
     */
    200: EnrollmentPage;
};
export type ListEnrollmentsResponse = ListEnrollmentsResponses[keyof ListEnrollmentsResponses];
export type LeaveCourseData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/courses/{id}/enrollments/me';
};
export type LeaveCourseErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type LeaveCourseError = LeaveCourseErrors[keyof LeaveCourseErrors];
export type LeaveCourseResponses = {
    /**
     * No Content
     */
    204: void;
};
export type LeaveCourseResponse = LeaveCourseResponses[keyof LeaveCourseResponses];
export type EnrollData = {
    body?: never;
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/courses/{id}/enrollments/me';
};
export type EnrollErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Conflict. `course_full`: This course is full. `course_over`: This course is over.
     */
    409: CourseFullProblem | CourseOverProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type EnrollError = EnrollErrors[keyof EnrollErrors];
export type EnrollResponses = {
    /**
     * No Content
     */
    204: void;
};
export type EnrollResponse = EnrollResponses[keyof EnrollResponses];
export type ListTasksData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id' | 'deadline' | 'status' | 'updated_at';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
        /**
         * Only with this `status`.
         */
        status?: TaskStatus;
        /**
         * Only with this `category`.
         */
        category?: string;
        /**
         * Earlier than this.
         */
        deadline_before?: string;
        /**
         * Later than this.
         */
        deadline_after?: string;
        /**
         * Search in description, category; upper and lower case are the same.
         */
        q?: string;
    };
    url: '/api/v1/tasks';
};
export type ListTasksErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListTasksError = ListTasksErrors[keyof ListTasksErrors];
export type ListTasksResponses = {
    /**
     * OK
     */
    200: TaskPage;
};
export type ListTasksResponse = ListTasksResponses[keyof ListTasksResponses];
export type CreateTaskData = {
    body: TaskCreate;
    path?: never;
    query?: never;
    url: '/api/v1/tasks';
};
export type CreateTaskErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type CreateTaskError = CreateTaskErrors[keyof CreateTaskErrors];
export type CreateTaskResponses = {
    /**
     * Created
     */
    201: TaskPublic;
};
export type CreateTaskResponse = CreateTaskResponses[keyof CreateTaskResponses];
export type DeleteTaskData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/tasks/{id}';
};
export type DeleteTaskErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteTaskError = DeleteTaskErrors[keyof DeleteTaskErrors];
export type DeleteTaskResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteTaskResponse = DeleteTaskResponses[keyof DeleteTaskResponses];
export type GetTaskData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have: answered with 304 while it is still that.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/tasks/{id}';
};
export type GetTaskErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetTaskError = GetTaskErrors[keyof GetTaskErrors];
export type GetTaskResponses = {
    /**
     * OK
     */
    200: TaskPublic;
};
export type GetTaskResponse = GetTaskResponses[keyof GetTaskResponses];
export type UpdateTaskData = {
    body: TaskUpdate;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/tasks/{id}';
};
export type UpdateTaskErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type UpdateTaskError = UpdateTaskErrors[keyof UpdateTaskErrors];
export type UpdateTaskResponses = {
    /**
     * OK
     */
    200: TaskPublic;
};
export type UpdateTaskResponse = UpdateTaskResponses[keyof UpdateTaskResponses];
export type ListNotesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id' | 'title' | 'updated_at';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
        /**
         * Search in title, content; upper and lower case are the same.
         */
        q?: string;
    };
    url: '/api/v1/notes';
};
export type ListNotesErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListNotesError = ListNotesErrors[keyof ListNotesErrors];
export type ListNotesResponses = {
    /**
     * OK
     */
    200: NotePage;
};
export type ListNotesResponse = ListNotesResponses[keyof ListNotesResponses];
export type CreateNoteData = {
    body: NoteCreate;
    path?: never;
    query?: never;
    url: '/api/v1/notes';
};
export type CreateNoteErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type CreateNoteError = CreateNoteErrors[keyof CreateNoteErrors];
export type CreateNoteResponses = {
    /**
     * Created
     */
    201: NotePublic;
};
export type CreateNoteResponse = CreateNoteResponses[keyof CreateNoteResponses];
export type DeleteNoteData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/notes/{id}';
};
export type DeleteNoteErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteNoteError = DeleteNoteErrors[keyof DeleteNoteErrors];
export type DeleteNoteResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteNoteResponse = DeleteNoteResponses[keyof DeleteNoteResponses];
export type GetNoteData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have: answered with 304 while it is still that.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/notes/{id}';
};
export type GetNoteErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetNoteError = GetNoteErrors[keyof GetNoteErrors];
export type GetNoteResponses = {
    /**
     * OK
     */
    200: NotePublic;
};
export type GetNoteResponse = GetNoteResponses[keyof GetNoteResponses];
export type UpdateNoteData = {
    body: NoteUpdate;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/notes/{id}';
};
export type UpdateNoteErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type UpdateNoteError = UpdateNoteErrors[keyof UpdateNoteErrors];
export type UpdateNoteResponses = {
    /**
     * OK
     */
    200: NotePublic;
};
export type UpdateNoteResponse = UpdateNoteResponses[keyof UpdateNoteResponses];
export type ListProductsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id' | 'name' | 'price' | 'quantity';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
        /**
         * At least this.
         */
        price_min?: string;
        /**
         * At most this.
         */
        price_max?: string;
        /**
         * At least this.
         */
        quantity_min?: number;
        /**
         * Search in name, description; upper and lower case are the same.
         */
        q?: string;
    };
    url: '/api/v1/products';
};
export type ListProductsErrors = {
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListProductsError = ListProductsErrors[keyof ListProductsErrors];
export type ListProductsResponses = {
    /**
     * OK
     */
    200: ProductPage;
};
export type ListProductsResponse = ListProductsResponses[keyof ListProductsResponses];
export type CreateProductData = {
    body: ProductCreate;
    path?: never;
    query?: never;
    url: '/api/v1/products';
};
export type CreateProductErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Conflict. `already_exists`: Another one with this value exists.
     */
    409: AlreadyExistsProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type CreateProductError = CreateProductErrors[keyof CreateProductErrors];
export type CreateProductResponses = {
    /**
     * Created
     */
    201: ProductPublic;
};
export type CreateProductResponse = CreateProductResponses[keyof CreateProductResponses];
export type DeleteProductData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/products/{id}';
};
export type DeleteProductErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteProductError = DeleteProductErrors[keyof DeleteProductErrors];
export type DeleteProductResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteProductResponse = DeleteProductResponses[keyof DeleteProductResponses];
export type GetProductData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have: answered with 304 while it is still that.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/products/{id}';
};
export type GetProductErrors = {
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetProductError = GetProductErrors[keyof GetProductErrors];
export type GetProductResponses = {
    /**
     * OK
     */
    200: ProductPublic;
};
export type GetProductResponse = GetProductResponses[keyof GetProductResponses];
export type UpdateProductData = {
    body: ProductUpdate;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/products/{id}';
};
export type UpdateProductErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Conflict. `already_exists`: Another one with this value exists.
     */
    409: AlreadyExistsProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type UpdateProductError = UpdateProductErrors[keyof UpdateProductErrors];
export type UpdateProductResponses = {
    /**
     * OK
     */
    200: ProductPublic;
};
export type UpdateProductResponse = UpdateProductResponses[keyof UpdateProductResponses];
export type ChangeStockData = {
    body: StockChange;
    headers?: {
        /**
         * A key of your own making. Sent again with the same key, a request is answered as before, and takes effect once.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/products/{id}/stock';
};
export type ChangeStockErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Conflict. `out_of_stock`: There is not so much in stock. `overstocked`: More than can be counted would be in stock. `request_in_progress`: A request with this Idempotency-Key is still running.
     */
    409: OutOfStockProblem | OverstockedProblem | RequestInProgressProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema. `key_reused`: This Idempotency-Key came with another request before.
     */
    422: InvalidRequestProblem | KeyReusedProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ChangeStockError = ChangeStockErrors[keyof ChangeStockErrors];
export type ChangeStockResponses = {
    /**
     * OK
     */
    200: ProductPublic;
};
export type ChangeStockResponse = ChangeStockResponses[keyof ChangeStockResponses];
export type ListPostsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id' | 'published_at' | 'updated_at';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
        /**
         * Only with this `author_id`.
         */
        author_id?: string;
        /**
         * Only with this `published`.
         */
        published?: boolean;
        /**
         * Search in title, body; upper and lower case are the same.
         */
        q?: string;
    };
    url: '/api/v1/posts';
};
export type ListPostsErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListPostsError = ListPostsErrors[keyof ListPostsErrors];
export type ListPostsResponses = {
    /**
     * OK
     */
    200: PostPage;
};
export type ListPostsResponse = ListPostsResponses[keyof ListPostsResponses];
export type CreatePostData = {
    body: PostCreate;
    path?: never;
    query?: never;
    url: '/api/v1/posts';
};
export type CreatePostErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type CreatePostError = CreatePostErrors[keyof CreatePostErrors];
export type CreatePostResponses = {
    /**
     * Created
     */
    201: PostPublic;
};
export type CreatePostResponse = CreatePostResponses[keyof CreatePostResponses];
export type DeletePostData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/posts/{id}';
};
export type DeletePostErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeletePostError = DeletePostErrors[keyof DeletePostErrors];
export type DeletePostResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeletePostResponse = DeletePostResponses[keyof DeletePostResponses];
export type GetPostData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have: answered with 304 while it is still that.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/posts/{id}';
};
export type GetPostErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetPostError = GetPostErrors[keyof GetPostErrors];
export type GetPostResponses = {
    /**
     * OK
     */
    200: PostPublic;
};
export type GetPostResponse = GetPostResponses[keyof GetPostResponses];
export type UpdatePostData = {
    body: PostUpdate;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/posts/{id}';
};
export type UpdatePostErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type UpdatePostError = UpdatePostErrors[keyof UpdatePostErrors];
export type UpdatePostResponses = {
    /**
     * OK
     */
    200: PostPublic;
};
export type UpdatePostResponse = UpdatePostResponses[keyof UpdatePostResponses];
export type ListCommentsData = {
    body?: never;
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
        /**
         * Search in body; upper and lower case are the same.
         */
        q?: string;
    };
    url: '/api/v1/posts/{id}/comments';
};
export type ListCommentsErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListCommentsError = ListCommentsErrors[keyof ListCommentsErrors];
export type ListCommentsResponses = {
    /**
     * OK
     */
    200: CommentPage;
};
export type ListCommentsResponse = ListCommentsResponses[keyof ListCommentsResponses];
export type CreateCommentData = {
    body: CommentCreate;
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/posts/{id}/comments';
};
export type CreateCommentErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type CreateCommentError = CreateCommentErrors[keyof CreateCommentErrors];
export type CreateCommentResponses = {
    /**
     * Created
     */
    201: CommentPublic;
};
export type CreateCommentResponse = CreateCommentResponses[keyof CreateCommentResponses];
export type DeleteCommentData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/comments/{id}';
};
export type DeleteCommentErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteCommentError = DeleteCommentErrors[keyof DeleteCommentErrors];
export type DeleteCommentResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteCommentResponse = DeleteCommentResponses[keyof DeleteCommentResponses];
export type GetCommentData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have: answered with 304 while it is still that.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/comments/{id}';
};
export type GetCommentErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetCommentError = GetCommentErrors[keyof GetCommentErrors];
export type GetCommentResponses = {
    /**
     * OK
     */
    200: CommentPublic;
};
export type GetCommentResponse = GetCommentResponses[keyof GetCommentResponses];
export type UpdateCommentData = {
    body: CommentUpdate;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/comments/{id}';
};
export type UpdateCommentErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type UpdateCommentError = UpdateCommentErrors[keyof UpdateCommentErrors];
export type UpdateCommentResponses = {
    /**
     * OK
     */
    200: CommentPublic;
};
export type UpdateCommentResponse = UpdateCommentResponses[keyof UpdateCommentResponses];
export type ListBookingSlotsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id' | 'starts_at' | 'title';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
        /**
         * Earlier than this.
         */
        starts_before?: string;
        /**
         * Later than this.
         */
        starts_after?: string;
        /**
         * Only with this `available`.
         */
        available?: boolean;
        /**
         * Search in title, location; upper and lower case are the same.
         */
        q?: string;
    };
    url: '/api/v1/booking-slots';
};
export type ListBookingSlotsErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListBookingSlotsError = ListBookingSlotsErrors[keyof ListBookingSlotsErrors];
export type ListBookingSlotsResponses = {
    /**
     * OK
     */
    200: BookingSlotPage;
};
export type ListBookingSlotsResponse = ListBookingSlotsResponses[keyof ListBookingSlotsResponses];
export type CreateBookingSlotData = {
    body: BookingSlotCreate;
    path?: never;
    query?: never;
    url: '/api/v1/booking-slots';
};
export type CreateBookingSlotErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type CreateBookingSlotError = CreateBookingSlotErrors[keyof CreateBookingSlotErrors];
export type CreateBookingSlotResponses = {
    /**
     * Created
     */
    201: BookingSlotPublic;
};
export type CreateBookingSlotResponse = CreateBookingSlotResponses[keyof CreateBookingSlotResponses];
export type DeleteBookingSlotData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/booking-slots/{id}';
};
export type DeleteBookingSlotErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Conflict. `slot_in_use`: This slot has confirmed bookings. Cancel them first.
     */
    409: SlotInUseProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteBookingSlotError = DeleteBookingSlotErrors[keyof DeleteBookingSlotErrors];
export type DeleteBookingSlotResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteBookingSlotResponse = DeleteBookingSlotResponses[keyof DeleteBookingSlotResponses];
export type GetBookingSlotData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have: answered with 304 while it is still that.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/booking-slots/{id}';
};
export type GetBookingSlotErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetBookingSlotError = GetBookingSlotErrors[keyof GetBookingSlotErrors];
export type GetBookingSlotResponses = {
    /**
     * OK
     */
    200: BookingSlotPublic;
};
export type GetBookingSlotResponse = GetBookingSlotResponses[keyof GetBookingSlotResponses];
export type UpdateBookingSlotData = {
    body: BookingSlotUpdate;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/booking-slots/{id}';
};
export type UpdateBookingSlotErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Conflict. `capacity_taken`: More seats than that are taken already.
     */
    409: CapacityTakenProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type UpdateBookingSlotError = UpdateBookingSlotErrors[keyof UpdateBookingSlotErrors];
export type UpdateBookingSlotResponses = {
    /**
     * OK
     */
    200: BookingSlotPublic;
};
export type UpdateBookingSlotResponse = UpdateBookingSlotResponses[keyof UpdateBookingSlotResponses];
export type ListBookingsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id' | 'updated_at';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
        /**
         * Only with this `slot_id`.
         */
        slot_id?: string;
        /**
         * Only with this `status`.
         */
        status?: BookingStatus;
        /**
         * Earlier than this.
         */
        starts_before?: string;
        /**
         * Later than this.
         */
        starts_after?: string;
        /**
         * Search in customer_name, notes; upper and lower case are the same.
         */
        q?: string;
    };
    url: '/api/v1/bookings';
};
export type ListBookingsErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListBookingsError = ListBookingsErrors[keyof ListBookingsErrors];
export type ListBookingsResponses = {
    /**
     * OK
     */
    200: BookingPage;
};
export type ListBookingsResponse = ListBookingsResponses[keyof ListBookingsResponses];
export type CreateBookingData = {
    body: BookingCreate;
    headers?: {
        /**
         * A key of your own making. Sent again with the same key, a request is answered as before, and takes effect once.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/bookings';
};
export type CreateBookingErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Conflict. `request_in_progress`: A request with this Idempotency-Key is still running. `slot_full`: There are not enough seats left in this slot. `slot_past`: This slot has begun already.
     */
    409: RequestInProgressProblem | SlotFullProblem | SlotPastProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema. `key_reused`: This Idempotency-Key came with another request before.
     */
    422: InvalidRequestProblem | KeyReusedProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type CreateBookingError = CreateBookingErrors[keyof CreateBookingErrors];
export type CreateBookingResponses = {
    /**
     * Created
     */
    201: BookingPublic;
};
export type CreateBookingResponse = CreateBookingResponses[keyof CreateBookingResponses];
export type GetBookingData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have: answered with 304 while it is still that.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/bookings/{id}';
};
export type GetBookingErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetBookingError = GetBookingErrors[keyof GetBookingErrors];
export type GetBookingResponses = {
    /**
     * OK
     */
    200: BookingPublic;
};
export type GetBookingResponse = GetBookingResponses[keyof GetBookingResponses];
export type UpdateBookingData = {
    body: BookingUpdate;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/bookings/{id}';
};
export type UpdateBookingErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Conflict. `already_cancelled`: This booking is cancelled. `slot_full`: There are not enough seats left in this slot.
     */
    409: AlreadyCancelledProblem | SlotFullProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type UpdateBookingError = UpdateBookingErrors[keyof UpdateBookingErrors];
export type UpdateBookingResponses = {
    /**
     * OK
     */
    200: BookingPublic;
};
export type UpdateBookingResponse = UpdateBookingResponses[keyof UpdateBookingResponses];
export type CancelBookingData = {
    body?: never;
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/bookings/{id}/cancel';
};
export type CancelBookingErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Conflict. `already_cancelled`: This booking is cancelled.
     */
    409: AlreadyCancelledProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type CancelBookingError = CancelBookingErrors[keyof CancelBookingErrors];
export type CancelBookingResponses = {
    /**
     * OK
     */
    200: BookingPublic;
};
export type CancelBookingResponse = CancelBookingResponses[keyof CancelBookingResponses];
export type ListRecordsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id' | 'occurred_at';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
        /**
         * Only with this `user_id`.
         */
        user_id?: string;
        /**
         * Only with this `kind`.
         */
        kind?: string;
        /**
         * Earlier than this.
         */
        occurred_before?: string;
        /**
         * Later than this.
         */
        occurred_after?: string;
        /**
         * Search in title, kind; upper and lower case are the same.
         */
        q?: string;
    };
    url: '/api/v1/records';
};
export type ListRecordsErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListRecordsError = ListRecordsErrors[keyof ListRecordsErrors];
export type ListRecordsResponses = {
    /**
     * OK
     */
    200: RecordPage;
};
export type ListRecordsResponse = ListRecordsResponses[keyof ListRecordsResponses];
export type CreateRecordData = {
    body: RecordCreate;
    headers?: {
        /**
         * A key of your own making. Sent again with the same key, a request is answered as before, and takes effect once.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/records';
};
export type CreateRecordErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Conflict. `request_in_progress`: A request with this Idempotency-Key is still running.
     */
    409: RequestInProgressProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema. `key_reused`: This Idempotency-Key came with another request before.
     */
    422: InvalidRequestProblem | KeyReusedProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type CreateRecordError = CreateRecordErrors[keyof CreateRecordErrors];
export type CreateRecordResponses = {
    /**
     * Created
     */
    201: RecordPublic;
};
export type CreateRecordResponse = CreateRecordResponses[keyof CreateRecordResponses];
export type ExportRecordsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id' | 'occurred_at';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * Only with this `user_id`.
         */
        user_id?: string;
        /**
         * Only with this `kind`.
         */
        kind?: string;
        /**
         * Earlier than this.
         */
        occurred_before?: string;
        /**
         * Later than this.
         */
        occurred_after?: string;
        /**
         * Search in title, kind; upper and lower case are the same.
         */
        q?: string;
    };
    url: '/api/v1/records/export.csv';
};
export type ExportRecordsErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ExportRecordsError = ExportRecordsErrors[keyof ExportRecordsErrors];
export type ExportRecordsResponses = {
    /**
     * OK
     */
    200: string;
};
export type ExportRecordsResponse = ExportRecordsResponses[keyof ExportRecordsResponses];
export type DeleteRecordData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/records/{id}';
};
export type DeleteRecordErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type DeleteRecordError = DeleteRecordErrors[keyof DeleteRecordErrors];
export type DeleteRecordResponses = {
    /**
     * No Content
     */
    204: void;
};
export type DeleteRecordResponse = DeleteRecordResponses[keyof DeleteRecordResponses];
export type GetRecordData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you have: answered with 304 while it is still that.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/records/{id}';
};
export type GetRecordErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type GetRecordError = GetRecordErrors[keyof GetRecordErrors];
export type GetRecordResponses = {
    /**
     * OK
     */
    200: RecordPublic;
};
export type GetRecordResponse = GetRecordResponses[keyof GetRecordResponses];
export type UpdateRecordData = {
    body: RecordUpdate;
    headers?: {
        /**
         * The `ETag` of what you have read: the change is refused with 412 when it is no longer that.
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/records/{id}';
};
export type UpdateRecordErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Precondition Failed. `stale`: It was changed since you read it. Read it again, then decide.
     */
    412: StaleProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type UpdateRecordError = UpdateRecordErrors[keyof UpdateRecordErrors];
export type UpdateRecordResponses = {
    /**
     * OK
     */
    200: RecordPublic;
};
export type UpdateRecordResponse = UpdateRecordResponses[keyof UpdateRecordResponses];
export type ListNotificationsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * What to order by.
         */
        sort?: 'id';
        /**
         * By id, `desc` is newest first.
         */
        order?: Order;
        /**
         * How many at most.
         */
        limit?: number;
        /**
         * The `next_cursor` of the page before.
         */
        cursor?: string;
        /**
         * Leave out this many; for numbered pages.
         */
        skip?: number;
        /**
         * Whether to count the `total`.
         */
        count?: boolean;
        /**
         * Only with this `unread`.
         */
        unread?: boolean;
        /**
         * Only with this `kind`.
         */
        kind?: NotificationKind;
    };
    url: '/api/v1/notifications';
};
export type ListNotificationsErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ListNotificationsError = ListNotificationsErrors[keyof ListNotificationsErrors];
export type ListNotificationsResponses = {
    /**
     * OK
     */
    200: NotificationPage;
};
export type ListNotificationsResponse = ListNotificationsResponses[keyof ListNotificationsResponses];
export type SendMessageData = {
    body: MessageCreate;
    path?: never;
    query?: never;
    url: '/api/v1/notifications';
};
export type SendMessageErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Forbidden. `forbidden`: You may not do this.
     */
    403: ForbiddenProblem;
    /**
     * Content Too Large. `too_large`: The body is larger than this server accepts.
     */
    413: TooLargeProblem;
    /**
     * Unsupported Media Type. `unsupported_media_type`: Send this body with the content type it is documented with.
     */
    415: UnsupportedMediaTypeProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type SendMessageError = SendMessageErrors[keyof SendMessageErrors];
export type SendMessageResponses = {
    /**
     * Created
     */
    201: NotificationPublic;
};
export type SendMessageResponse = SendMessageResponses[keyof SendMessageResponses];
export type ReadNotificationsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/notifications/read';
};
export type ReadNotificationsErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ReadNotificationsError = ReadNotificationsErrors[keyof ReadNotificationsErrors];
export type ReadNotificationsResponses = {
    /**
     * No Content
     */
    204: void;
};
export type ReadNotificationsResponse = ReadNotificationsResponses[keyof ReadNotificationsResponses];
export type ReadNotificationData = {
    body?: never;
    path: {
        /**
         * Which one.
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/notifications/{id}/read';
};
export type ReadNotificationErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Not Found. `not_found`: There is nothing here, or it is not yours.
     */
    404: NotFoundProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type ReadNotificationError = ReadNotificationErrors[keyof ReadNotificationErrors];
export type ReadNotificationResponses = {
    /**
     * OK
     */
    200: NotificationPublic;
};
export type ReadNotificationResponse = ReadNotificationResponses[keyof ReadNotificationResponses];
export type StreamNotificationsData = {
    body?: never;
    headers?: {
        /**
         * The `id` of the last event you saw.
         */
        'Last-Event-ID'?: number;
    };
    path?: never;
    query?: {
        /**
         * Whose changes to tell.
         */
        topics?: Array<Topic>;
    };
    url: '/api/v1/notifications/stream';
};
export type StreamNotificationsErrors = {
    /**
     * Unauthorized. `invalid_token`: Sign in again: the token is missing, wrong, expired or revoked.
     */
    401: InvalidTokenProblem;
    /**
     * Unprocessable Content. `invalid_request`: The request does not match its schema.
     */
    422: InvalidRequestProblem;
    /**
     * Too Many Requests. `too_many_requests`: Too many requests. Try again later.
     */
    429: TooManyRequestsProblem;
    /**
     * Internal Server Error. `internal_error`: Something broke on our side. The request id finds it in our log.
     */
    500: InternalErrorProblem;
    /**
     * Service Unavailable. `unavailable`: The database is away or too busy. Try again in a moment.
     */
    503: UnavailableProblem;
};
export type StreamNotificationsError = StreamNotificationsErrors[keyof StreamNotificationsErrors];
export type StreamNotificationsResponses = {
    /**
     * OK
     */
    200: LiveEvent;
};
export type StreamNotificationsResponse = StreamNotificationsResponses[keyof StreamNotificationsResponses];
