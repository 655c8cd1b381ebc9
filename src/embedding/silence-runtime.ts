/** What ONNX Runtime looks at, once, when it is loaded. */
const SWITCH = "ORT_DISABLE_TELEMETRY";

/**
 * Keeps ONNX Runtime from reporting its use to its maker and from leaving an identifier in the home folder, which its
 * official builds do since 1.29. A value that the user has set stays. To be called before a thread loads the runtime, in
 * the main thread: what another thread sets in its copy of the environment the runtime does not see.
 */
export function silenceRuntime(): void {
  process.env[SWITCH] ??= "1";
}
