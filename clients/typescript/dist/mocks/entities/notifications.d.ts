declare const _default: {
    operations: {
        readNotification(asked: import("../asked.js").Asked): import("../schema.js").Row;
        readNotifications({ world }: import("../asked.js").Asked): undefined;
        streamNotifications: ({ request, channel }: import("../asked.js").Asked) => Response;
    };
    schemas: {
        NotificationPublic: {
            words: {
                title: string[];
            };
            empty: string[];
            filters: {
                unread: (row: import("../schema.js").Row) => boolean;
            };
        };
    };
};
export default _default;
