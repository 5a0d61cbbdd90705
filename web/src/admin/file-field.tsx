import { Field } from '../app/field';

/** A file that is read here; the same file may be chosen again once it was changed. */
export function FileField({
  label,
  hint,
  accept,
  problem,
  onFile,
}: {
  label: string;
  hint?: string;
  accept: string;
  problem?: string | undefined;
  onFile: (file: File) => unknown;
}) {
  return (
    <div className="file">
      <Field label={label} problem={problem} {...(hint === undefined ? {} : { hint })}>
        {(attributes) => (
          <input
            {...attributes}
            type="file"
            accept={accept}
            onClick={({ currentTarget }) => (currentTarget.value = '')}
            onChange={({ target }) => {
              const file = target.files?.[0];
              if (file) void onFile(file);
            }}
          />
        )}
      </Field>
    </div>
  );
}
