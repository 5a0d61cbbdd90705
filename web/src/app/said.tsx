import { Alert } from 'antd';
import { NoAnswer, Refused } from '../api/client';
import { useLanguage } from '../words/language';

/** Says why something did not work: what the API has said, with the clause, or that no answer came. */
export function Failure({ error }: { error: unknown }) {
  const { words } = useLanguage();
  if (!error) return null;
  if (!(error instanceof Refused)) {
    const text = error instanceof NoAnswer ? words.offline : `${words.failed}：${String(error)}`;
    return <Alert className="said" type="error" showIcon title={text} role="alert" />;
  }
  const { title, detail, violations = [], errors = [], instance } = error.problem;
  const lines = violations.length > 0 ? violations : errors;
  const listed = lines.map((one) =>
    'clause' in one && one.clause ? `${one.message}（${one.clause}）` : one.message,
  );
  return (
    <Alert
      className="said"
      type="error"
      showIcon
      role="alert"
      title={detail ?? title}
      description={
        <>
          {listed.length > 0 && !(listed.length === 1 && listed[0] === detail) && (
            <ul>
              {listed.map((line, i) => (
                <li key={i}>{line}</li>
              ))}
            </ul>
          )}
          {error.problem.status >= 500 && instance && (
            <span>{words.requestId(instance.split(':').at(-1) ?? '')}</span>
          )}
        </>
      }
    />
  );
}

export function Loading() {
  const { words } = useLanguage();
  return (
    <p role="status" className="hint">
      {words.loading}
    </p>
  );
}
