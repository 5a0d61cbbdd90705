import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema';
import { toErrorSchema, type RJSFSchema, type RJSFValidationError, type ValidatorType } from '@rjsf/utils';

/**
 * Holds forms against their JSON Schema by walking it: the usual validator compiles schemas into code, which the CSP
 * forbids. Only to spare a way to the API, which decides.
 */
export function validatorIn(language: 'zh' | 'en'): ValidatorType {
  const check = (schema: unknown, data: unknown): RJSFValidationError[] => {
    const { errors } = new Validator(schema as Schema, '2020-12', false).validate(data);
    const leaves = errors.filter(({ keyword }) => !CONTAINERS.has(keyword));
    const seen = new Set<string>();
    return leaves.flatMap((unit) => {
      const error = errorOf(unit, language);
      const known = seen.has(String(error.property));
      seen.add(String(error.property));
      return known ? [] : [error];
    });
  };
  return {
    validateFormData: (formData, schema) => {
      const errors = check(schema, formData);
      return { errors, errorSchema: toErrorSchema(errors) };
    },
    isValid: (schema, formData, rootSchema: RJSFSchema) => {
      const { $defs } = rootSchema;
      const whole = typeof schema === 'object' && $defs ? { $defs, ...schema } : schema;
      return new Validator(whole as Schema, '2020-12', true).validate(formData).valid;
    },
    rawValidation: <Result>(schema: unknown, formData?: unknown) => ({
      errors: check(schema, formData) as Result[],
    }),
  };
}

/** They only say that something inside does not fit. */
const CONTAINERS = new Set([
  'properties',
  'items',
  'prefixItems',
  '$ref',
  'allOf',
  'if',
  'additionalProperties',
]);

const MESSAGES: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  required: ['请填写此项', 'Please fill in'],
  minLength: ['请填写此项', 'Please fill in'],
  maxLength: ['内容过长', 'Too long'],
  minimum: ['数值过小', 'Too small'],
  maximum: ['数值过大', 'Too large'],
  exclusiveMinimum: ['数值过小', 'Too small'],
  multipleOf: ['小数位数过多', 'Too many decimals'],
  minItems: ['至少填写一项', 'At least one'],
  maxItems: ['项数过多', 'Too many'],
  uniqueItems: ['有重复项', 'There are duplicates'],
  pattern: ['格式不符', 'Not in the right form'],
  format: ['格式不符', 'Not in the right form'],
  enum: ['请选择', 'Please choose'],
  const: ['请选择', 'Please choose'],
  type: ['请填写此项', 'Please fill in'],
  anyOf: ['请选择并填写完整', 'Please choose and fill in'],
  oneOf: ['请选择并填写完整', 'Please choose and fill in'],
};

function errorOf(
  { instanceLocation, keyword, error }: OutputUnit,
  language: 'zh' | 'en',
): RJSFValidationError {
  const path = instanceLocation.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent);
  const missing = keyword === 'required' ? /"([^"]+)"/.exec(error)?.[1] : undefined;
  const property = `.${[...path, ...(missing === undefined ? [] : [missing])].join('.')}`;
  const [zh, en] = MESSAGES[keyword] ?? ['内容有误', 'Not valid'];
  const message = language === 'zh' ? zh : en;
  return { name: keyword, property, message, stack: `${property} ${message}` };
}
