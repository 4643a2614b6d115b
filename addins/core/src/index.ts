// What the add-ins take from core. Nothing here knows a page, `browser` or `Office`.
export * from "./client.ts";
export * from "./deadline.ts";
export * from "./draft.ts";
export * from "./edits.ts";
export * from "./fill.ts";
export * from "./marks.ts";
export * from "./own_domain.ts";
export * from "./present.ts";
export * from "./protocol.ts";
export * from "./report.ts";
export * from "./request.ts";
export { check, ShapeError } from "./shape.ts";
export * from "./upload.ts";
