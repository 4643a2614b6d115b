// What this add-in uses of Office.js, written by hand from its reference: all of it may be missing, depending on the requirement set of the
// Outlook it runs in, so everything newer than Mailbox 1.3 is optional here and the compiler asks.

type Callback<T> = (result: { readonly status: string; readonly value: T; readonly error?: { readonly code?: number; readonly name?: string } }) => void;

interface EmailAddress {
  readonly emailAddress: string;
  readonly displayName?: string;
  readonly recipientType?: string;
}

interface Recipients {
  getAsync(callback: Callback<readonly EmailAddress[]>): void;
  setAsync(recipients: readonly { readonly displayName: string; readonly emailAddress: string }[], callback: Callback<void>): void;
}

interface OutlookAttachment {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly isInline: boolean;
  readonly attachmentType: string;
}

interface InfoBar {
  readonly type: string;
  readonly message: string;
  readonly icon?: string;
  readonly persistent?: boolean;
  readonly actions?: readonly { readonly actionType: string; readonly actionText: string; readonly commandId: string; readonly contextData: string }[];
}

interface OutlookItem {
  readonly itemType?: string;
  readonly conversationId?: string | null;
  readonly subject: { getAsync(callback: Callback<string>): void; setAsync(subject: string, callback: Callback<void>): void };
  readonly to: Recipients;
  readonly cc: Recipients;
  readonly bcc?: Recipients;
  readonly body: {
    getTypeAsync(callback: Callback<string>): void;
    getAsync(type: string, options: { readonly bodyMode?: number }, callback: Callback<string>): void;
    setAsync(text: string, options: { readonly coercionType: string; readonly bodyMode?: number }, callback: Callback<void>): void;
  };
  readonly from?: { getAsync(callback: Callback<EmailAddress | null>): void };
  readonly notificationMessages: {
    replaceAsync(key: string, message: InfoBar, callback: Callback<void>): void;
    removeAsync(key: string, callback: Callback<void>): void;
  };
  readonly sessionData?: {
    getAsync(name: string, callback: Callback<string>): void;
    setAsync(name: string, value: string, callback: Callback<void>): void;
  };
  readonly internetHeaders?: {
    getAsync(names: readonly string[], callback: Callback<Readonly<Record<string, string>>>): void;
    setAsync(headers: Readonly<Record<string, string>>, callback: Callback<void>): void;
    removeAsync(names: readonly string[], callback: Callback<void>): void;
  };
  getComposeTypeAsync?(callback: Callback<{ readonly composeType: string }>): void;
  getAttachmentsAsync?(callback: Callback<readonly OutlookAttachment[]>): void;
  getAttachmentContentAsync?(id: string, callback: Callback<{ readonly content: string; readonly format: string }>): void;
  addFileAttachmentFromBase64Async?(base64: string, name: string, options: { readonly isInline?: boolean }, callback: Callback<string>): void;
  removeAttachmentAsync(id: string, callback: Callback<void>): void;
  getSharedPropertiesAsync?(callback: Callback<{ readonly owner?: string; readonly targetMailbox?: string }>): void;
  getInitializationContextAsync?(callback: Callback<string>): void;
  sendAsync?(callback: Callback<void>): void;
}

interface OfficeEvent {
  completed(answer?: Readonly<Record<string, unknown>>): void;
}

declare namespace Office {
  const context: {
    readonly displayLanguage?: string;
    readonly requirements: { isSetSupported(name: string, version: string): boolean };
    readonly mailbox: { readonly item: OutlookItem | null; readonly userProfile?: { readonly emailAddress?: string; readonly displayName?: string } };
    readonly ui?: { closeContainer?(): void };
  };
  const actions: { associate(name: string, handler: (event: OfficeEvent) => void): void };
  function onReady(callback?: () => void): unknown;
}

declare const OfficeRuntime:
  | { readonly storage?: { getItem(key: string): Promise<string | null>; setItem(key: string, value: string): Promise<void>; removeItem(key: string): Promise<void> } }
  | undefined;
