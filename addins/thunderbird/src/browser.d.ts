// The part of Thunderbird's extension API that is used here, as the schemas of Thunderbird 140 and later have it.

interface Listen<Listener> {
  addListener(listener: Listener): void;
}

interface ComposeTab {
  readonly id?: number;
  readonly windowId?: number;
  readonly type?: string;
}

interface ComposeDetails {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly newsgroups: readonly string[];
  readonly subject: string;
  readonly isPlainText: boolean;
  readonly body: string;
  readonly plainTextBody: string;
  readonly type?: "draft" | "new" | "redirect" | "reply" | "forward";
  readonly relatedMessageId?: number;
  readonly customHeaders: readonly { readonly name: string; readonly value: string }[];
  readonly identityId?: string;
  readonly attachVCard?: boolean;
  readonly attachPublicPGPKey?: boolean;
  /** Absent when the identity is configured for neither technology. */
  readonly selectedEncryptionTechnology?: EncryptionSettings;
}

interface EncryptionSettings {
  readonly name: EncryptionTechnology;
  readonly encryptBody: boolean;
  /** Of OpenPGP only. */
  readonly encryptSubject?: boolean;
  readonly signMessage: boolean;
}

type EncryptionTechnology = "OpenPGP" | "S/MIME";

interface ComposeChanges {
  to?: readonly string[];
  cc?: readonly string[];
  bcc?: readonly string[];
  newsgroups?: readonly string[];
  subject?: string;
  isPlainText?: boolean;
  body?: string;
  plainTextBody?: string;
  customHeaders?: readonly { readonly name: string; readonly value: string }[];
  selectedEncryptionTechnology?: EncryptionSettings;
}

interface ComposeAttachment {
  readonly id: number;
  readonly name: string;
  readonly size?: number;
}

interface Mailbox {
  readonly name?: string;
  readonly email?: string;
}

interface MessageHeader {
  readonly author: string;
  readonly recipients: readonly string[];
  readonly ccList: readonly string[];
  readonly bccList: readonly string[];
  readonly headerMessageId: string;
}

interface NativePort {
  readonly error?: { readonly message: string } | null;
  readonly onMessage: Listen<(message: unknown) => void>;
  readonly onDisconnect: Listen<(port: NativePort) => void>;
  postMessage(message: unknown): void;
  disconnect(): void;
}

interface StorageArea {
  get(keys?: string | readonly string[] | null): Promise<Readonly<Record<string, unknown>>>;
  set(values: Readonly<Record<string, unknown>>): Promise<void>;
  remove(keys: string | readonly string[]): Promise<void>;
}

interface MessageSender {
  readonly tab?: ComposeTab;
}

declare const browser: {
  readonly compose: {
    getComposeDetails(tabId: number): Promise<ComposeDetails>;
    setComposeDetails(tabId: number, details: ComposeChanges): Promise<void>;
    listAttachments(tabId: number): Promise<readonly ComposeAttachment[]>;
    getAttachmentFile(id: number): Promise<File>;
    addAttachment(tabId: number, attachment: { readonly file: File; readonly name?: string }): Promise<ComposeAttachment>;
    updateAttachment(tabId: number, id: number, attachment: { readonly name: string }): Promise<ComposeAttachment>;
    removeAttachment(tabId: number, id: number): Promise<void>;
    readonly onBeforeSend: Listen<(tab: ComposeTab, details: ComposeDetails) => Promise<{ cancel?: boolean }>>;
    readonly onAfterSend: Listen<(tab: ComposeTab, info: { readonly mode?: string; readonly error?: string }) => void>;
    readonly onAttachmentAdded: Listen<(tab: ComposeTab, attachment: ComposeAttachment) => void>;
    readonly onAttachmentRemoved: Listen<(tab: ComposeTab, id: number) => void>;
    readonly onIdentityChanged: Listen<(tab: ComposeTab, id: string) => void>;
  };
  readonly composeAction: {
    setBadgeText(details: { readonly tabId: number; readonly text: string | null }): Promise<void>;
    setBadgeTextColor(details: { readonly tabId: number; readonly color: string }): Promise<void>;
    setBadgeBackgroundColor(details: { readonly tabId: number; readonly color: string }): Promise<void>;
    setLabel(details: { readonly tabId: number; readonly label: string }): Promise<void>;
    setTitle(details: { readonly tabId: number; readonly title: string }): Promise<void>;
    openPopup(options: { readonly windowId?: number }): Promise<boolean>;
  };
  readonly identities: {
    get(id: string): Promise<{ readonly encryptionCapabilities?: Readonly<Record<EncryptionTechnology, { readonly canEncrypt: boolean; readonly canSign: boolean }>> }>;
  };
  readonly i18n: { getUILanguage(): string };
  readonly messages: {
    get(id: number): Promise<MessageHeader>;
    getFull(id: number): Promise<{ readonly headers?: Readonly<Record<string, readonly string[]>> }>;
  };
  readonly messengerUtilities: {
    parseMailboxString(text: string, options?: { readonly preserveGroups?: boolean; readonly expandMailingLists?: boolean }): Promise<readonly Mailbox[]>;
  };
  readonly addressBooks: {
    list(complete?: boolean): Promise<readonly { readonly id: string }[]>;
    readonly mailingLists: {
      list(parentId: string): Promise<readonly { readonly id: string; readonly name: string; readonly nickName?: string; readonly description?: string }[]>;
      listMembers(id: string): Promise<readonly { readonly id: string; readonly vCard?: string }[]>;
    };
  };
  readonly runtime: {
    connectNative(name: string): NativePort;
    sendMessage(message: unknown): Promise<unknown>;
    getPlatformInfo(): Promise<unknown>;
    getManifest(): { readonly version: string };
    getURL(path: string): string;
    openOptionsPage(): Promise<void>;
    readonly onMessage: Listen<(message: unknown, sender: MessageSender) => Promise<unknown> | undefined>;
  };
  readonly scripting: {
    insertCSS(details: { readonly target: { readonly tabId: number }; readonly css: string; readonly origin?: "USER" | "AUTHOR" }): Promise<void>;
    removeCSS(details: { readonly target: { readonly tabId: number }; readonly css: string; readonly origin?: "USER" | "AUTHOR" }): Promise<void>;
    executeScript(details: { readonly target: { readonly tabId: number }; readonly files: readonly string[] }): Promise<unknown>;
    readonly compose: {
      registerScripts(scripts: readonly { readonly id: string; readonly js: readonly string[]; readonly runAt?: string }[]): Promise<void>;
      getRegisteredScripts(): Promise<readonly { readonly id: string }[]>;
    };
  };
  readonly storage: { readonly local: StorageArea; readonly session: StorageArea; readonly managed: StorageArea };
  readonly tabs: {
    get(id: number): Promise<ComposeTab>;
    query(query: Readonly<Record<string, unknown>>): Promise<readonly ComposeTab[]>;
    readonly onRemoved: Listen<(tabId: number) => void>;
  };
  readonly windows: {
    create(data: { readonly type: "popup"; readonly url: string; readonly width: number; readonly height: number; readonly allowScriptsToClose?: boolean }): Promise<{ readonly id?: number }>;
    update(id: number, data: { readonly focused?: boolean; readonly height?: number; readonly top?: number }): Promise<unknown>;
    getCurrent(): Promise<{ readonly id?: number }>;
    remove(id: number): Promise<void>;
    openDefaultBrowser(url: string): Promise<void>;
    readonly onRemoved: Listen<(windowId: number) => void>;
  };
};
