import { type Client, type Options as Options2, type TDataShape } from './client/index.js';
import type { AddMemberData, AddMemberErrors, AddMemberResponses, AddUserData, AddUserErrors, AddUserResponses, CancelBookingData, CancelBookingErrors, CancelBookingResponses, ChangeEmailData, ChangeEmailErrors, ChangeEmailResponses, ChangePasswordData, ChangePasswordErrors, ChangePasswordResponses, ChangeStockData, ChangeStockErrors, ChangeStockResponses, ConfirmEmailData, ConfirmEmailErrors, ConfirmEmailResponses, CreateBookingData, CreateBookingErrors, CreateBookingResponses, CreateBookingSlotData, CreateBookingSlotErrors, CreateBookingSlotResponses, CreateCommentData, CreateCommentErrors, CreateCommentResponses, CreateCourseData, CreateCourseErrors, CreateCourseResponses, CreateGroupData, CreateGroupErrors, CreateGroupResponses, CreateNoteData, CreateNoteErrors, CreateNoteResponses, CreatePostData, CreatePostErrors, CreatePostResponses, CreateProductData, CreateProductErrors, CreateProductResponses, CreateRecordData, CreateRecordErrors, CreateRecordResponses, CreateRoleData, CreateRoleErrors, CreateRoleResponses, CreateTaskData, CreateTaskErrors, CreateTaskResponses, CreateTokenData, CreateTokenErrors, CreateTokenResponses, DeleteAvatarData, DeleteAvatarErrors, DeleteAvatarResponses, DeleteBookingSlotData, DeleteBookingSlotErrors, DeleteBookingSlotResponses, DeleteCommentData, DeleteCommentErrors, DeleteCommentResponses, DeleteCourseData, DeleteCourseErrors, DeleteCourseResponses, DeleteGroupData, DeleteGroupErrors, DeleteGroupResponses, DeleteMeData, DeleteMeErrors, DeleteMeResponses, DeleteNoteData, DeleteNoteErrors, DeleteNoteResponses, DeleteOtherSessionsData, DeleteOtherSessionsErrors, DeleteOtherSessionsResponses, DeletePostData, DeletePostErrors, DeletePostResponses, DeleteProductData, DeleteProductErrors, DeleteProductResponses, DeleteRecordData, DeleteRecordErrors, DeleteRecordResponses, DeleteRoleData, DeleteRoleErrors, DeleteRoleResponses, DeleteSessionData, DeleteSessionErrors, DeleteSessionResponses, DeleteTaskData, DeleteTaskErrors, DeleteTaskResponses, DeleteUserData, DeleteUserErrors, DeleteUserResponses, EnrollData, EnrollErrors, EnrollResponses, ExportMeData, ExportMeErrors, ExportMeResponses, ExportRecordsData, ExportRecordsErrors, ExportRecordsResponses, ForgotPasswordData, ForgotPasswordErrors, ForgotPasswordResponses, GetAvatarData, GetAvatarErrors, GetAvatarResponses, GetBookingData, GetBookingErrors, GetBookingResponses, GetBookingSlotData, GetBookingSlotErrors, GetBookingSlotResponses, GetCommentData, GetCommentErrors, GetCommentResponses, GetCourseData, GetCourseErrors, GetCourseResponses, GetGroupData, GetGroupErrors, GetGroupResponses, GetHealthData, GetHealthErrors, GetHealthResponses, GetMeData, GetMeErrors, GetMeResponses, GetNoteData, GetNoteErrors, GetNoteResponses, GetPostData, GetPostErrors, GetPostResponses, GetProductData, GetProductErrors, GetProductResponses, GetReadyData, GetReadyErrors, GetReadyResponses, GetRecordData, GetRecordErrors, GetRecordResponses, GetRoleData, GetRoleErrors, GetRoleResponses, GetTaskData, GetTaskErrors, GetTaskResponses, GetUserData, GetUserErrors, GetUserResponses, LeaveCourseData, LeaveCourseErrors, LeaveCourseResponses, ListBookingsData, ListBookingsErrors, ListBookingSlotsData, ListBookingSlotsErrors, ListBookingSlotsResponses, ListBookingsResponses, ListCommentsData, ListCommentsErrors, ListCommentsResponses, ListCoursesData, ListCoursesErrors, ListCoursesResponses, ListEnrollmentsData, ListEnrollmentsErrors, ListEnrollmentsResponses, ListGroupsData, ListGroupsErrors, ListGroupsResponses, ListMembersData, ListMembersErrors, ListMembersResponses, ListNotesData, ListNotesErrors, ListNotesResponses, ListNotificationsData, ListNotificationsErrors, ListNotificationsResponses, ListPostsData, ListPostsErrors, ListPostsResponses, ListProductsData, ListProductsErrors, ListProductsResponses, ListRecordsData, ListRecordsErrors, ListRecordsResponses, ListRolesData, ListRolesErrors, ListRolesResponses, ListSessionsData, ListSessionsErrors, ListSessionsResponses, ListTasksData, ListTasksErrors, ListTasksResponses, ListUsersData, ListUsersErrors, ListUsersResponses, LoginData, LoginErrors, LoginResponses, LogoutData, LogoutErrors, LogoutResponses, ReadNotificationData, ReadNotificationErrors, ReadNotificationResponses, ReadNotificationsData, ReadNotificationsErrors, ReadNotificationsResponses, RefreshData, RefreshErrors, RefreshResponses, RegisterData, RegisterErrors, RegisterResponses, RemoveMemberData, RemoveMemberErrors, RemoveMemberResponses, RequestEmailVerificationData, RequestEmailVerificationErrors, RequestEmailVerificationResponses, ResetForgottenPasswordData, ResetForgottenPasswordErrors, ResetForgottenPasswordResponses, SendMessageData, SendMessageErrors, SendMessageResponses, SetAvatarData, SetAvatarErrors, SetAvatarResponses, StreamNotificationsData, StreamNotificationsErrors, StreamNotificationsResponse, StreamNotificationsResponses, UpdateBookingData, UpdateBookingErrors, UpdateBookingResponses, UpdateBookingSlotData, UpdateBookingSlotErrors, UpdateBookingSlotResponses, UpdateCommentData, UpdateCommentErrors, UpdateCommentResponses, UpdateCourseData, UpdateCourseErrors, UpdateCourseResponses, UpdateGroupData, UpdateGroupErrors, UpdateGroupResponses, UpdateMeData, UpdateMeErrors, UpdateMeResponses, UpdateNoteData, UpdateNoteErrors, UpdateNoteResponses, UpdatePostData, UpdatePostErrors, UpdatePostResponses, UpdateProductData, UpdateProductErrors, UpdateProductResponses, UpdateRecordData, UpdateRecordErrors, UpdateRecordResponses, UpdateRoleData, UpdateRoleErrors, UpdateRoleResponses, UpdateTaskData, UpdateTaskErrors, UpdateTaskResponses, UpdateUserData, UpdateUserErrors, UpdateUserResponses } from './types.gen.js';
export type Options<TData extends TDataShape = TDataShape, ThrowOnError extends boolean = boolean, TResponse = unknown> = Options2<TData, ThrowOnError, TResponse> & {
    /**
     * You can provide a client instance returned by `createClient()` instead of
     * individual options. This might be also useful if you want to implement a
     * custom client.
     */
    client?: Client;
    /**
     * You can pass arbitrary values through the `meta` object. This can be
     * used to access values that aren't defined as part of the SDK function.
     */
    meta?: Record<string, unknown>;
};
/**
 * Get health
 *
 * Whether the process is alive. No I/O.
 *
 * Who may: everybody.
 */
export declare const getHealth: <ThrowOnError extends boolean = true>(options?: Options<GetHealthData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetHealthResponses, GetHealthErrors, ThrowOnError, "fields">;
/**
 * Get ready
 *
 * Whether requests should be sent here: the database answers, and the process is not about to end.
 *
 * Who may: everybody.
 */
export declare const getReady: <ThrowOnError extends boolean = true>(options?: Options<GetReadyData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetReadyResponses, GetReadyErrors, ThrowOnError, "fields">;
/**
 * Register
 *
 * Who may: everybody.
 */
export declare const register: <ThrowOnError extends boolean = true>(options: Options<RegisterData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RegisterResponses, RegisterErrors, ThrowOnError, "fields">;
/**
 * Login
 *
 * Who may: everybody.
 */
export declare const login: <ThrowOnError extends boolean = true>(options: Options<LoginData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<LoginResponses, LoginErrors, ThrowOnError, "fields">;
/**
 * Create token
 *
 * Who may: everybody.
 */
export declare const createToken: <ThrowOnError extends boolean = true>(options: Options<CreateTokenData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateTokenResponses, CreateTokenErrors, ThrowOnError, "fields">;
/**
 * Refresh
 *
 * Who may: everybody.
 */
export declare const refresh: <ThrowOnError extends boolean = true>(options?: Options<RefreshData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RefreshResponses, RefreshErrors, ThrowOnError, "fields">;
/**
 * Logout
 *
 * Who may: whoever has signed in.
 */
export declare const logout: <ThrowOnError extends boolean = true>(options?: Options<LogoutData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<LogoutResponses, LogoutErrors, ThrowOnError, "fields">;
/**
 * Delete other sessions
 *
 * Who may: whoever has signed in.
 */
export declare const deleteOtherSessions: <ThrowOnError extends boolean = true>(options?: Options<DeleteOtherSessionsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteOtherSessionsResponses, DeleteOtherSessionsErrors, ThrowOnError, "fields">;
/**
 * List sessions
 *
 * Who may: whoever has signed in.
 */
export declare const listSessions: <ThrowOnError extends boolean = true>(options?: Options<ListSessionsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListSessionsResponses, ListSessionsErrors, ThrowOnError, "fields">;
/**
 * Delete session
 *
 * Who may: whoever has signed in.
 */
export declare const deleteSession: <ThrowOnError extends boolean = true>(options: Options<DeleteSessionData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteSessionResponses, DeleteSessionErrors, ThrowOnError, "fields">;
/**
 * Forgot password
 *
 * Who may: everybody.
 */
export declare const forgotPassword: <ThrowOnError extends boolean = true>(options: Options<ForgotPasswordData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ForgotPasswordResponses, ForgotPasswordErrors, ThrowOnError, "fields">;
/**
 * Reset forgotten password
 *
 * Who may: everybody.
 */
export declare const resetForgottenPassword: <ThrowOnError extends boolean = true>(options: Options<ResetForgottenPasswordData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ResetForgottenPasswordResponses, ResetForgottenPasswordErrors, ThrowOnError, "fields">;
/**
 * Request email verification
 *
 * Who may: whoever has signed in.
 */
export declare const requestEmailVerification: <ThrowOnError extends boolean = true>(options?: Options<RequestEmailVerificationData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RequestEmailVerificationResponses, RequestEmailVerificationErrors, ThrowOnError, "fields">;
/**
 * Confirm email
 *
 * Who may: everybody.
 */
export declare const confirmEmail: <ThrowOnError extends boolean = true>(options: Options<ConfirmEmailData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ConfirmEmailResponses, ConfirmEmailErrors, ThrowOnError, "fields">;
/**
 * Delete me
 *
 * Who may: whoever it belongs to.
 */
export declare const deleteMe: <ThrowOnError extends boolean = true>(options?: Options<DeleteMeData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteMeResponses, DeleteMeErrors, ThrowOnError, "fields">;
/**
 * Get me
 *
 * Who may: whoever has signed in.
 */
export declare const getMe: <ThrowOnError extends boolean = true>(options?: Options<GetMeData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetMeResponses, GetMeErrors, ThrowOnError, "fields">;
/**
 * Update me
 *
 * Who may: whoever it belongs to.
 */
export declare const updateMe: <ThrowOnError extends boolean = true>(options: Options<UpdateMeData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateMeResponses, UpdateMeErrors, ThrowOnError, "fields">;
/**
 * Change password
 *
 * Who may: whoever has signed in.
 */
export declare const changePassword: <ThrowOnError extends boolean = true>(options: Options<ChangePasswordData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ChangePasswordResponses, ChangePasswordErrors, ThrowOnError, "fields">;
/**
 * Change email
 *
 * Who may: whoever has signed in.
 */
export declare const changeEmail: <ThrowOnError extends boolean = true>(options: Options<ChangeEmailData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ChangeEmailResponses, ChangeEmailErrors, ThrowOnError, "fields">;
/**
 * Export me
 *
 * Who may: whoever has signed in.
 */
export declare const exportMe: <ThrowOnError extends boolean = true>(options?: Options<ExportMeData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ExportMeResponses, ExportMeErrors, ThrowOnError, "fields">;
/**
 * Delete avatar
 *
 * Who may: whoever has signed in.
 */
export declare const deleteAvatar: <ThrowOnError extends boolean = true>(options?: Options<DeleteAvatarData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteAvatarResponses, DeleteAvatarErrors, ThrowOnError, "fields">;
/**
 * Set avatar
 *
 * Replaces the one before. The new one has a new address, which is `avatar_url` from now on.
 *
 * Who may: whoever has signed in.
 */
export declare const setAvatar: <ThrowOnError extends boolean = true>(options: Options<SetAvatarData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<SetAvatarResponses, SetAvatarErrors, ThrowOnError, "fields">;
/**
 * Get avatar
 *
 * Who may: everybody.
 */
export declare const getAvatar: <ThrowOnError extends boolean = true>(options: Options<GetAvatarData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetAvatarResponses, GetAvatarErrors, ThrowOnError, "fields">;
/**
 * List users
 *
 * Who may: whoever has `users:read`.
 */
export declare const listUsers: <ThrowOnError extends boolean = true>(options?: Options<ListUsersData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListUsersResponses, ListUsersErrors, ThrowOnError, "fields">;
/**
 * Add user
 *
 * Who may: whoever has `users:write`.
 */
export declare const addUser: <ThrowOnError extends boolean = true>(options: Options<AddUserData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<AddUserResponses, AddUserErrors, ThrowOnError, "fields">;
/**
 * Delete user
 *
 * Who may: whoever has `users:write`.
 */
export declare const deleteUser: <ThrowOnError extends boolean = true>(options: Options<DeleteUserData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteUserResponses, DeleteUserErrors, ThrowOnError, "fields">;
/**
 * Get user
 *
 * Who may: whoever it belongs to or whoever has `users:read`.
 */
export declare const getUser: <ThrowOnError extends boolean = true>(options: Options<GetUserData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetUserResponses, GetUserErrors, ThrowOnError, "fields">;
/**
 * Update user
 *
 * Who may: whoever has `users:write`.
 */
export declare const updateUser: <ThrowOnError extends boolean = true>(options: Options<UpdateUserData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateUserResponses, UpdateUserErrors, ThrowOnError, "fields">;
/**
 * List roles
 *
 * Who may: whoever has signed in.
 */
export declare const listRoles: <ThrowOnError extends boolean = true>(options?: Options<ListRolesData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListRolesResponses, ListRolesErrors, ThrowOnError, "fields">;
/**
 * Create role
 *
 * Who may: whoever has `roles:write`.
 */
export declare const createRole: <ThrowOnError extends boolean = true>(options: Options<CreateRoleData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateRoleResponses, CreateRoleErrors, ThrowOnError, "fields">;
/**
 * Delete role
 *
 * Who may: whoever has `roles:write`.
 */
export declare const deleteRole: <ThrowOnError extends boolean = true>(options: Options<DeleteRoleData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteRoleResponses, DeleteRoleErrors, ThrowOnError, "fields">;
/**
 * Get role
 *
 * Who may: whoever has signed in.
 */
export declare const getRole: <ThrowOnError extends boolean = true>(options: Options<GetRoleData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetRoleResponses, GetRoleErrors, ThrowOnError, "fields">;
/**
 * Update role
 *
 * Who may: whoever has `roles:write`.
 */
export declare const updateRole: <ThrowOnError extends boolean = true>(options: Options<UpdateRoleData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateRoleResponses, UpdateRoleErrors, ThrowOnError, "fields">;
/**
 * List groups
 *
 * Who may: whoever has signed in.
 */
export declare const listGroups: <ThrowOnError extends boolean = true>(options?: Options<ListGroupsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListGroupsResponses, ListGroupsErrors, ThrowOnError, "fields">;
/**
 * Create group
 *
 * Who may: whoever has signed in.
 */
export declare const createGroup: <ThrowOnError extends boolean = true>(options: Options<CreateGroupData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateGroupResponses, CreateGroupErrors, ThrowOnError, "fields">;
/**
 * Delete group
 *
 * Who may: whoever it belongs to or whoever has `groups:write`, and whoever it is shown to or whoever has `groups:write`.
 */
export declare const deleteGroup: <ThrowOnError extends boolean = true>(options: Options<DeleteGroupData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteGroupResponses, DeleteGroupErrors, ThrowOnError, "fields">;
/**
 * Get group
 *
 * Who may: whoever it is shown to or whoever has `groups:write`.
 */
export declare const getGroup: <ThrowOnError extends boolean = true>(options: Options<GetGroupData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetGroupResponses, GetGroupErrors, ThrowOnError, "fields">;
/**
 * Update group
 *
 * Who may: whoever it belongs to or whoever has `groups:write`, and whoever it is shown to or whoever has `groups:write`.
 */
export declare const updateGroup: <ThrowOnError extends boolean = true>(options: Options<UpdateGroupData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateGroupResponses, UpdateGroupErrors, ThrowOnError, "fields">;
/**
 * List members
 *
 * Who may: whoever it is shown to or whoever has `groups:write`.
 */
export declare const listMembers: <ThrowOnError extends boolean = true>(options: Options<ListMembersData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListMembersResponses, ListMembersErrors, ThrowOnError, "fields">;
/**
 * Remove member
 *
 * Who may: whoever it is shown to or whoever has `groups:write`.
 */
export declare const removeMember: <ThrowOnError extends boolean = true>(options: Options<RemoveMemberData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RemoveMemberResponses, RemoveMemberErrors, ThrowOnError, "fields">;
/**
 * Add member
 *
 * Join an open group oneself (`me`); its owner, or whoever has `groups:write`, adds anybody. Twice is as good as once.
 *
 * Who may: whoever it is shown to or whoever has `groups:write`.
 */
export declare const addMember: <ThrowOnError extends boolean = true>(options: Options<AddMemberData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<AddMemberResponses, AddMemberErrors, ThrowOnError, "fields">;
/**
 * List courses
 *
 * Who may: whoever has signed in.
 */
export declare const listCourses: <ThrowOnError extends boolean = true>(options?: Options<ListCoursesData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListCoursesResponses, ListCoursesErrors, ThrowOnError, "fields">;
/**
 * Create course
 *
 * Who may: whoever has `courses:write`.
 */
export declare const createCourse: <ThrowOnError extends boolean = true>(options: Options<CreateCourseData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateCourseResponses, CreateCourseErrors, ThrowOnError, "fields">;
/**
 * Delete course
 *
 * Who may: whoever it belongs to or whoever has `courses:write`, and whoever it is shown to or whoever has `courses:write`.
 */
export declare const deleteCourse: <ThrowOnError extends boolean = true>(options: Options<DeleteCourseData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteCourseResponses, DeleteCourseErrors, ThrowOnError, "fields">;
/**
 * Get course
 *
 * Who may: whoever it is shown to or whoever has `courses:write`.
 */
export declare const getCourse: <ThrowOnError extends boolean = true>(options: Options<GetCourseData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetCourseResponses, GetCourseErrors, ThrowOnError, "fields">;
/**
 * Update course
 *
 * Who may: whoever it belongs to or whoever has `courses:write`, and whoever it is shown to or whoever has `courses:write`.
 */
export declare const updateCourse: <ThrowOnError extends boolean = true>(options: Options<UpdateCourseData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateCourseResponses, UpdateCourseErrors, ThrowOnError, "fields">;
/**
 * List enrollments
 *
 * Who may: whoever it is shown to or whoever has `courses:write`.
 */
export declare const listEnrollments: <ThrowOnError extends boolean = true>(options: Options<ListEnrollmentsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListEnrollmentsResponses, ListEnrollmentsErrors, ThrowOnError, "fields">;
/**
 * Leave course
 *
 * Who may: whoever it is shown to or whoever has `courses:write`.
 */
export declare const leaveCourse: <ThrowOnError extends boolean = true>(options: Options<LeaveCourseData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<LeaveCourseResponses, LeaveCourseErrors, ThrowOnError, "fields">;
/**
 * Enroll
 *
 * Enrol oneself. Twice is as good as once.
 *
 * Who may: whoever it is shown to or whoever has `courses:write`.
 */
export declare const enroll: <ThrowOnError extends boolean = true>(options: Options<EnrollData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<EnrollResponses, EnrollErrors, ThrowOnError, "fields">;
/**
 * List tasks
 *
 * Who may: whoever has signed in.
 */
export declare const listTasks: <ThrowOnError extends boolean = true>(options?: Options<ListTasksData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListTasksResponses, ListTasksErrors, ThrowOnError, "fields">;
/**
 * Create task
 *
 * Who may: whoever has signed in.
 */
export declare const createTask: <ThrowOnError extends boolean = true>(options: Options<CreateTaskData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateTaskResponses, CreateTaskErrors, ThrowOnError, "fields">;
/**
 * Delete task
 *
 * Who may: whoever it belongs to.
 */
export declare const deleteTask: <ThrowOnError extends boolean = true>(options: Options<DeleteTaskData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteTaskResponses, DeleteTaskErrors, ThrowOnError, "fields">;
/**
 * Get task
 *
 * Who may: whoever it belongs to.
 */
export declare const getTask: <ThrowOnError extends boolean = true>(options: Options<GetTaskData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetTaskResponses, GetTaskErrors, ThrowOnError, "fields">;
/**
 * Update task
 *
 * Who may: whoever it belongs to.
 */
export declare const updateTask: <ThrowOnError extends boolean = true>(options: Options<UpdateTaskData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateTaskResponses, UpdateTaskErrors, ThrowOnError, "fields">;
/**
 * List notes
 *
 * Who may: whoever has signed in.
 */
export declare const listNotes: <ThrowOnError extends boolean = true>(options?: Options<ListNotesData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListNotesResponses, ListNotesErrors, ThrowOnError, "fields">;
/**
 * Create note
 *
 * Who may: whoever has signed in.
 */
export declare const createNote: <ThrowOnError extends boolean = true>(options: Options<CreateNoteData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateNoteResponses, CreateNoteErrors, ThrowOnError, "fields">;
/**
 * Delete note
 *
 * Who may: whoever it belongs to.
 */
export declare const deleteNote: <ThrowOnError extends boolean = true>(options: Options<DeleteNoteData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteNoteResponses, DeleteNoteErrors, ThrowOnError, "fields">;
/**
 * Get note
 *
 * Who may: whoever it belongs to.
 */
export declare const getNote: <ThrowOnError extends boolean = true>(options: Options<GetNoteData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetNoteResponses, GetNoteErrors, ThrowOnError, "fields">;
/**
 * Update note
 *
 * Who may: whoever it belongs to.
 */
export declare const updateNote: <ThrowOnError extends boolean = true>(options: Options<UpdateNoteData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateNoteResponses, UpdateNoteErrors, ThrowOnError, "fields">;
/**
 * List products
 *
 * Who may: everybody.
 */
export declare const listProducts: <ThrowOnError extends boolean = true>(options?: Options<ListProductsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListProductsResponses, ListProductsErrors, ThrowOnError, "fields">;
/**
 * Create product
 *
 * Who may: whoever has `products:write`.
 */
export declare const createProduct: <ThrowOnError extends boolean = true>(options: Options<CreateProductData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateProductResponses, CreateProductErrors, ThrowOnError, "fields">;
/**
 * Delete product
 *
 * Who may: whoever has `products:write`.
 */
export declare const deleteProduct: <ThrowOnError extends boolean = true>(options: Options<DeleteProductData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteProductResponses, DeleteProductErrors, ThrowOnError, "fields">;
/**
 * Get product
 *
 * Who may: everybody.
 */
export declare const getProduct: <ThrowOnError extends boolean = true>(options: Options<GetProductData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetProductResponses, GetProductErrors, ThrowOnError, "fields">;
/**
 * Update product
 *
 * Who may: whoever has `products:write`.
 */
export declare const updateProduct: <ThrowOnError extends boolean = true>(options: Options<UpdateProductData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateProductResponses, UpdateProductErrors, ThrowOnError, "fields">;
/**
 * Change stock
 *
 * Who may: whoever has `products:write`.
 */
export declare const changeStock: <ThrowOnError extends boolean = true>(options: Options<ChangeStockData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ChangeStockResponses, ChangeStockErrors, ThrowOnError, "fields">;
/**
 * List posts
 *
 * Who may: everybody.
 */
export declare const listPosts: <ThrowOnError extends boolean = true>(options?: Options<ListPostsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListPostsResponses, ListPostsErrors, ThrowOnError, "fields">;
/**
 * Create post
 *
 * Who may: whoever has signed in.
 */
export declare const createPost: <ThrowOnError extends boolean = true>(options: Options<CreatePostData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreatePostResponses, CreatePostErrors, ThrowOnError, "fields">;
/**
 * Delete post
 *
 * Who may: whoever it belongs to or whoever has `posts:moderate`.
 */
export declare const deletePost: <ThrowOnError extends boolean = true>(options: Options<DeletePostData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeletePostResponses, DeletePostErrors, ThrowOnError, "fields">;
/**
 * Get post
 *
 * Who may: everybody.
 */
export declare const getPost: <ThrowOnError extends boolean = true>(options: Options<GetPostData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetPostResponses, GetPostErrors, ThrowOnError, "fields">;
/**
 * Update post
 *
 * Who may: whoever it belongs to or whoever has `posts:moderate`.
 */
export declare const updatePost: <ThrowOnError extends boolean = true>(options: Options<UpdatePostData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdatePostResponses, UpdatePostErrors, ThrowOnError, "fields">;
/**
 * List comments
 *
 * Who may: everybody.
 */
export declare const listComments: <ThrowOnError extends boolean = true>(options: Options<ListCommentsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListCommentsResponses, ListCommentsErrors, ThrowOnError, "fields">;
/**
 * Create comment
 *
 * Who may: whoever has signed in.
 */
export declare const createComment: <ThrowOnError extends boolean = true>(options: Options<CreateCommentData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateCommentResponses, CreateCommentErrors, ThrowOnError, "fields">;
/**
 * Delete comment
 *
 * Who may: whoever it belongs to or whoever has `posts:moderate`.
 */
export declare const deleteComment: <ThrowOnError extends boolean = true>(options: Options<DeleteCommentData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteCommentResponses, DeleteCommentErrors, ThrowOnError, "fields">;
/**
 * Get comment
 *
 * Who may: everybody.
 */
export declare const getComment: <ThrowOnError extends boolean = true>(options: Options<GetCommentData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetCommentResponses, GetCommentErrors, ThrowOnError, "fields">;
/**
 * Update comment
 *
 * Who may: whoever it belongs to or whoever has `posts:moderate`.
 */
export declare const updateComment: <ThrowOnError extends boolean = true>(options: Options<UpdateCommentData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateCommentResponses, UpdateCommentErrors, ThrowOnError, "fields">;
/**
 * List booking slots
 *
 * Who may: whoever has signed in.
 */
export declare const listBookingSlots: <ThrowOnError extends boolean = true>(options?: Options<ListBookingSlotsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListBookingSlotsResponses, ListBookingSlotsErrors, ThrowOnError, "fields">;
/**
 * Create booking slot
 *
 * Who may: whoever has `slots:write`.
 */
export declare const createBookingSlot: <ThrowOnError extends boolean = true>(options: Options<CreateBookingSlotData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateBookingSlotResponses, CreateBookingSlotErrors, ThrowOnError, "fields">;
/**
 * Delete booking slot
 *
 * Who may: whoever has `slots:write`.
 */
export declare const deleteBookingSlot: <ThrowOnError extends boolean = true>(options: Options<DeleteBookingSlotData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteBookingSlotResponses, DeleteBookingSlotErrors, ThrowOnError, "fields">;
/**
 * Get booking slot
 *
 * Who may: whoever has signed in.
 */
export declare const getBookingSlot: <ThrowOnError extends boolean = true>(options: Options<GetBookingSlotData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetBookingSlotResponses, GetBookingSlotErrors, ThrowOnError, "fields">;
/**
 * Update booking slot
 *
 * Who may: whoever has `slots:write`.
 */
export declare const updateBookingSlot: <ThrowOnError extends boolean = true>(options: Options<UpdateBookingSlotData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateBookingSlotResponses, UpdateBookingSlotErrors, ThrowOnError, "fields">;
/**
 * List bookings
 *
 * Who may: whoever has signed in.
 */
export declare const listBookings: <ThrowOnError extends boolean = true>(options?: Options<ListBookingsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListBookingsResponses, ListBookingsErrors, ThrowOnError, "fields">;
/**
 * Create booking
 *
 * Who may: whoever has signed in.
 */
export declare const createBooking: <ThrowOnError extends boolean = true>(options: Options<CreateBookingData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateBookingResponses, CreateBookingErrors, ThrowOnError, "fields">;
/**
 * Get booking
 *
 * Who may: whoever it belongs to or whoever has `bookings:read`.
 */
export declare const getBooking: <ThrowOnError extends boolean = true>(options: Options<GetBookingData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetBookingResponses, GetBookingErrors, ThrowOnError, "fields">;
/**
 * Update booking
 *
 * Who may: whoever it belongs to or whoever has `bookings:write`.
 */
export declare const updateBooking: <ThrowOnError extends boolean = true>(options: Options<UpdateBookingData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateBookingResponses, UpdateBookingErrors, ThrowOnError, "fields">;
/**
 * Cancel booking
 *
 * Who may: whoever it belongs to or whoever has `bookings:write`.
 */
export declare const cancelBooking: <ThrowOnError extends boolean = true>(options: Options<CancelBookingData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CancelBookingResponses, CancelBookingErrors, ThrowOnError, "fields">;
/**
 * List records
 *
 * Who may: whoever has signed in.
 */
export declare const listRecords: <ThrowOnError extends boolean = true>(options?: Options<ListRecordsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListRecordsResponses, ListRecordsErrors, ThrowOnError, "fields">;
/**
 * Create record
 *
 * Who may: whoever has `records:write`.
 */
export declare const createRecord: <ThrowOnError extends boolean = true>(options: Options<CreateRecordData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateRecordResponses, CreateRecordErrors, ThrowOnError, "fields">;
/**
 * Export records
 *
 * All that the filters find, as CSV, however much it is. What a spreadsheet would take for a formula is quoted.
 *
 * Who may: whoever has signed in.
 */
export declare const exportRecords: <ThrowOnError extends boolean = true>(options?: Options<ExportRecordsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ExportRecordsResponses, ExportRecordsErrors, ThrowOnError, "fields">;
/**
 * Delete record
 *
 * Who may: whoever has `records:write`.
 */
export declare const deleteRecord: <ThrowOnError extends boolean = true>(options: Options<DeleteRecordData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteRecordResponses, DeleteRecordErrors, ThrowOnError, "fields">;
/**
 * Get record
 *
 * Who may: whoever it belongs to or whoever has `records:read`.
 */
export declare const getRecord: <ThrowOnError extends boolean = true>(options: Options<GetRecordData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<GetRecordResponses, GetRecordErrors, ThrowOnError, "fields">;
/**
 * Update record
 *
 * Who may: whoever has `records:write`.
 */
export declare const updateRecord: <ThrowOnError extends boolean = true>(options: Options<UpdateRecordData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateRecordResponses, UpdateRecordErrors, ThrowOnError, "fields">;
/**
 * List notifications
 *
 * Who may: whoever has signed in.
 */
export declare const listNotifications: <ThrowOnError extends boolean = true>(options?: Options<ListNotificationsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListNotificationsResponses, ListNotificationsErrors, ThrowOnError, "fields">;
/**
 * Send message
 *
 * Send a message to somebody, or to several. Each gets a notification of their own; the answer is the first one's.
 *
 * Who may: whoever has `notifications:send`.
 */
export declare const sendMessage: <ThrowOnError extends boolean = true>(options: Options<SendMessageData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<SendMessageResponses, SendMessageErrors, ThrowOnError, "fields">;
/**
 * Read notifications
 *
 * Mark all of mine as read.
 *
 * Who may: whoever has signed in.
 */
export declare const readNotifications: <ThrowOnError extends boolean = true>(options?: Options<ReadNotificationsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ReadNotificationsResponses, ReadNotificationsErrors, ThrowOnError, "fields">;
/**
 * Read notification
 *
 * Mark one as read. Twice is as good as once.
 *
 * Who may: whoever it belongs to.
 */
export declare const readNotification: <ThrowOnError extends boolean = true>(options: Options<ReadNotificationData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ReadNotificationResponses, ReadNotificationErrors, ThrowOnError, "fields">;
/**
 * Stream notifications
 *
 * What happens to me, as it happens, by server-sent events: my notifications, and changes of my rows if I ask for
 * their topics. The first event is `ready`, or `reset` if what came after `Last-Event-ID` is not there any more. The
 * stream ends with the access token; come back with a new one and the last `id`. `WS /ws/notify` tells the same.
 *
 * Who may: whoever it belongs to.
 */
export declare const streamNotifications: <ThrowOnError extends boolean = true>(options?: Options<StreamNotificationsData, ThrowOnError, StreamNotificationsResponse>) => Promise<import("./core/serverSentEvents.gen.js").ServerSentEventsResult<StreamNotificationsResponses, StreamNotificationsErrors>>;
