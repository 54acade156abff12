import type * as types from "../generated/types.gen.js";
import type { Operation, Schema } from "./schema.js";
export interface Operations {
    getHealth: {
        data: types.GetHealthData;
        answers: types.GetHealthResponses;
    };
    getReady: {
        data: types.GetReadyData;
        answers: types.GetReadyResponses;
    };
    register: {
        data: types.RegisterData;
        answers: types.RegisterResponses;
    };
    login: {
        data: types.LoginData;
        answers: types.LoginResponses;
    };
    createToken: {
        data: types.CreateTokenData;
        answers: types.CreateTokenResponses;
    };
    refresh: {
        data: types.RefreshData;
        answers: types.RefreshResponses;
    };
    logout: {
        data: types.LogoutData;
        answers: types.LogoutResponses;
    };
    listSessions: {
        data: types.ListSessionsData;
        answers: types.ListSessionsResponses;
    };
    deleteOtherSessions: {
        data: types.DeleteOtherSessionsData;
        answers: types.DeleteOtherSessionsResponses;
    };
    deleteSession: {
        data: types.DeleteSessionData;
        answers: types.DeleteSessionResponses;
    };
    forgotPassword: {
        data: types.ForgotPasswordData;
        answers: types.ForgotPasswordResponses;
    };
    resetForgottenPassword: {
        data: types.ResetForgottenPasswordData;
        answers: types.ResetForgottenPasswordResponses;
    };
    requestEmailVerification: {
        data: types.RequestEmailVerificationData;
        answers: types.RequestEmailVerificationResponses;
    };
    confirmEmail: {
        data: types.ConfirmEmailData;
        answers: types.ConfirmEmailResponses;
    };
    getMe: {
        data: types.GetMeData;
        answers: types.GetMeResponses;
    };
    deleteMe: {
        data: types.DeleteMeData;
        answers: types.DeleteMeResponses;
    };
    updateMe: {
        data: types.UpdateMeData;
        answers: types.UpdateMeResponses;
    };
    changePassword: {
        data: types.ChangePasswordData;
        answers: types.ChangePasswordResponses;
    };
    changeEmail: {
        data: types.ChangeEmailData;
        answers: types.ChangeEmailResponses;
    };
    exportMe: {
        data: types.ExportMeData;
        answers: types.ExportMeResponses;
    };
    setAvatar: {
        data: types.SetAvatarData;
        answers: types.SetAvatarResponses;
    };
    deleteAvatar: {
        data: types.DeleteAvatarData;
        answers: types.DeleteAvatarResponses;
    };
    getAvatar: {
        data: types.GetAvatarData;
        answers: types.GetAvatarResponses;
    };
    listUsers: {
        data: types.ListUsersData;
        answers: types.ListUsersResponses;
    };
    addUser: {
        data: types.AddUserData;
        answers: types.AddUserResponses;
    };
    getUser: {
        data: types.GetUserData;
        answers: types.GetUserResponses;
    };
    updateUser: {
        data: types.UpdateUserData;
        answers: types.UpdateUserResponses;
    };
    deleteUser: {
        data: types.DeleteUserData;
        answers: types.DeleteUserResponses;
    };
    listRoles: {
        data: types.ListRolesData;
        answers: types.ListRolesResponses;
    };
    createRole: {
        data: types.CreateRoleData;
        answers: types.CreateRoleResponses;
    };
    getRole: {
        data: types.GetRoleData;
        answers: types.GetRoleResponses;
    };
    updateRole: {
        data: types.UpdateRoleData;
        answers: types.UpdateRoleResponses;
    };
    deleteRole: {
        data: types.DeleteRoleData;
        answers: types.DeleteRoleResponses;
    };
    listGroups: {
        data: types.ListGroupsData;
        answers: types.ListGroupsResponses;
    };
    createGroup: {
        data: types.CreateGroupData;
        answers: types.CreateGroupResponses;
    };
    getGroup: {
        data: types.GetGroupData;
        answers: types.GetGroupResponses;
    };
    updateGroup: {
        data: types.UpdateGroupData;
        answers: types.UpdateGroupResponses;
    };
    deleteGroup: {
        data: types.DeleteGroupData;
        answers: types.DeleteGroupResponses;
    };
    listMembers: {
        data: types.ListMembersData;
        answers: types.ListMembersResponses;
    };
    addMember: {
        data: types.AddMemberData;
        answers: types.AddMemberResponses;
    };
    removeMember: {
        data: types.RemoveMemberData;
        answers: types.RemoveMemberResponses;
    };
    listCourses: {
        data: types.ListCoursesData;
        answers: types.ListCoursesResponses;
    };
    createCourse: {
        data: types.CreateCourseData;
        answers: types.CreateCourseResponses;
    };
    getCourse: {
        data: types.GetCourseData;
        answers: types.GetCourseResponses;
    };
    updateCourse: {
        data: types.UpdateCourseData;
        answers: types.UpdateCourseResponses;
    };
    deleteCourse: {
        data: types.DeleteCourseData;
        answers: types.DeleteCourseResponses;
    };
    listEnrollments: {
        data: types.ListEnrollmentsData;
        answers: types.ListEnrollmentsResponses;
    };
    enroll: {
        data: types.EnrollData;
        answers: types.EnrollResponses;
    };
    leaveCourse: {
        data: types.LeaveCourseData;
        answers: types.LeaveCourseResponses;
    };
    listTasks: {
        data: types.ListTasksData;
        answers: types.ListTasksResponses;
    };
    createTask: {
        data: types.CreateTaskData;
        answers: types.CreateTaskResponses;
    };
    getTask: {
        data: types.GetTaskData;
        answers: types.GetTaskResponses;
    };
    updateTask: {
        data: types.UpdateTaskData;
        answers: types.UpdateTaskResponses;
    };
    deleteTask: {
        data: types.DeleteTaskData;
        answers: types.DeleteTaskResponses;
    };
    listNotes: {
        data: types.ListNotesData;
        answers: types.ListNotesResponses;
    };
    createNote: {
        data: types.CreateNoteData;
        answers: types.CreateNoteResponses;
    };
    getNote: {
        data: types.GetNoteData;
        answers: types.GetNoteResponses;
    };
    updateNote: {
        data: types.UpdateNoteData;
        answers: types.UpdateNoteResponses;
    };
    deleteNote: {
        data: types.DeleteNoteData;
        answers: types.DeleteNoteResponses;
    };
    listProducts: {
        data: types.ListProductsData;
        answers: types.ListProductsResponses;
    };
    createProduct: {
        data: types.CreateProductData;
        answers: types.CreateProductResponses;
    };
    getProduct: {
        data: types.GetProductData;
        answers: types.GetProductResponses;
    };
    updateProduct: {
        data: types.UpdateProductData;
        answers: types.UpdateProductResponses;
    };
    deleteProduct: {
        data: types.DeleteProductData;
        answers: types.DeleteProductResponses;
    };
    changeStock: {
        data: types.ChangeStockData;
        answers: types.ChangeStockResponses;
    };
    listPosts: {
        data: types.ListPostsData;
        answers: types.ListPostsResponses;
    };
    createPost: {
        data: types.CreatePostData;
        answers: types.CreatePostResponses;
    };
    getPost: {
        data: types.GetPostData;
        answers: types.GetPostResponses;
    };
    updatePost: {
        data: types.UpdatePostData;
        answers: types.UpdatePostResponses;
    };
    deletePost: {
        data: types.DeletePostData;
        answers: types.DeletePostResponses;
    };
    listComments: {
        data: types.ListCommentsData;
        answers: types.ListCommentsResponses;
    };
    createComment: {
        data: types.CreateCommentData;
        answers: types.CreateCommentResponses;
    };
    getComment: {
        data: types.GetCommentData;
        answers: types.GetCommentResponses;
    };
    updateComment: {
        data: types.UpdateCommentData;
        answers: types.UpdateCommentResponses;
    };
    deleteComment: {
        data: types.DeleteCommentData;
        answers: types.DeleteCommentResponses;
    };
    listBookingSlots: {
        data: types.ListBookingSlotsData;
        answers: types.ListBookingSlotsResponses;
    };
    createBookingSlot: {
        data: types.CreateBookingSlotData;
        answers: types.CreateBookingSlotResponses;
    };
    getBookingSlot: {
        data: types.GetBookingSlotData;
        answers: types.GetBookingSlotResponses;
    };
    updateBookingSlot: {
        data: types.UpdateBookingSlotData;
        answers: types.UpdateBookingSlotResponses;
    };
    deleteBookingSlot: {
        data: types.DeleteBookingSlotData;
        answers: types.DeleteBookingSlotResponses;
    };
    listBookings: {
        data: types.ListBookingsData;
        answers: types.ListBookingsResponses;
    };
    createBooking: {
        data: types.CreateBookingData;
        answers: types.CreateBookingResponses;
    };
    getBooking: {
        data: types.GetBookingData;
        answers: types.GetBookingResponses;
    };
    updateBooking: {
        data: types.UpdateBookingData;
        answers: types.UpdateBookingResponses;
    };
    cancelBooking: {
        data: types.CancelBookingData;
        answers: types.CancelBookingResponses;
    };
    listRecords: {
        data: types.ListRecordsData;
        answers: types.ListRecordsResponses;
    };
    createRecord: {
        data: types.CreateRecordData;
        answers: types.CreateRecordResponses;
    };
    exportRecords: {
        data: types.ExportRecordsData;
        answers: types.ExportRecordsResponses;
    };
    getRecord: {
        data: types.GetRecordData;
        answers: types.GetRecordResponses;
    };
    updateRecord: {
        data: types.UpdateRecordData;
        answers: types.UpdateRecordResponses;
    };
    deleteRecord: {
        data: types.DeleteRecordData;
        answers: types.DeleteRecordResponses;
    };
    listNotifications: {
        data: types.ListNotificationsData;
        answers: types.ListNotificationsResponses;
    };
    sendMessage: {
        data: types.SendMessageData;
        answers: types.SendMessageResponses;
    };
    readNotifications: {
        data: types.ReadNotificationsData;
        answers: types.ReadNotificationsResponses;
    };
    readNotification: {
        data: types.ReadNotificationData;
        answers: types.ReadNotificationResponses;
    };
    streamNotifications: {
        data: types.StreamNotificationsData;
        answers: types.StreamNotificationsResponses;
    };
}
export declare const operations: Record<keyof Operations, Operation>;
export declare const schemas: Record<string, Schema>;
export declare const problems: Partial<Record<types.Code, types.Problem>>;
