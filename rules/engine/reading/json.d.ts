/** Allows importing schemas as modules: the engine reads no files. */
declare module '*.json' {
  const content: object;
  export default content;
}
