/** Signing in, and staying signed in: what no generator can know. */
import type { Client } from "./generated/client/index.js";
import type { SignIn, Transport, UserRegister } from "./generated/types.gen.js";
import { type TokenStore } from "./store.js";
export interface ConnectOptions {
    /** Where the API is: `https://api.example.com`. */
    baseUrl: string;
    /** `cookie` keeps the refresh token where no script can read it; page and API must then be of one site. */
    transport?: Transport;
    /** In memory, unless you say otherwise. */
    store?: TokenStore;
    /** The client to set up, if it is not the one that all operations use unless they are given another. */
    client?: Client;
    fetch?: typeof fetch;
    /** Called when the sign-in has ended and cannot be renewed: show the sign-in page. */
    onSignedOut?: () => void;
}
export interface Session {
    client: Client;
    signUp(body: Omit<UserRegister, "transport">): Promise<void>;
    signIn(body: Omit<SignIn, "transport">): Promise<void>;
    /** Ends the sign-in on the server, and forgets the tokens even when the server cannot be reached. */
    signOut(): Promise<void>;
    /** Whether there is a sign-in to go on with, from the store or from the cookie: call it when the page loads. */
    resume(): Promise<boolean>;
    /** An access token that works now, for what is no operation, such as a WebSocket. */
    token(): Promise<string | undefined>;
}
/** Sets up the client: from here on, operations are signed, and tokens renewed without anybody noticing. */
export declare function connect(options: ConnectOptions): Session;
