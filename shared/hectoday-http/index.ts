export { type CorsOptions, cors } from "./cors.ts";
export type { InputState, ValidationIssue } from "./input.ts";
export { type Context, group, type RouteConfig, type RouteDescriptor, route } from "./route.ts";
export { type App, type RequestOptions, type SetupConfig, setup } from "./setup.ts";
