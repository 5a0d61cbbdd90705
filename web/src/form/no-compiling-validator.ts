/** Stands for the validator that compiles schemas into code, which a test registry inside @rjsf/core imports. Never run. */
export const validator = undefined;
// eslint-disable-next-line no-restricted-exports -- as what it stands for
export default validator;
