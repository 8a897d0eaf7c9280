/** Lets a schema be imported where it is used; the room reads no files. */
declare module '*.json' {
  const content: object;
  export default content;
}
