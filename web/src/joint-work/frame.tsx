import type { ReactNode } from 'react';

/** A field that is a sheet of projects: its title, how it adds up, what is wrong with it as a whole. */
export function SheetFrame({
  id,
  title,
  sums,
  errors = [],
  children,
}: {
  id: string;
  title: string | undefined;
  sums: ReactNode;
  errors?: readonly string[] | undefined;
  children: ReactNode;
}) {
  return (
    <fieldset className="worksheet-field" id={id}>
      <legend>{title}</legend>
      <div role="status">{sums}</div>
      {errors.slice(0, 5).map((error) => (
        <p key={error} className="problem" role="alert">
          {error}
        </p>
      ))}
      {children}
    </fieldset>
  );
}

/** Whether a project is among the chosen ones. */
export function Tick({
  label,
  projectId,
  chosen,
  onChange,
}: {
  label: string;
  projectId: string;
  chosen: ReadonlySet<string>;
  onChange: (next: ReadonlySet<string>) => void;
}) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      checked={chosen.has(projectId)}
      onChange={({ target }) => {
        const next = new Set(chosen);
        if (target.checked) next.add(projectId);
        else next.delete(projectId);
        onChange(next);
      }}
    />
  );
}
