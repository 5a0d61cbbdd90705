import { Alert } from 'antd';
import { NoAnswer, Refused } from '../api/client';
import { ClauseTag } from '../help/clause-tag';
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
  const listed = lines.map((one) => ({
    message: one.message,
    clause: 'clause' in one ? one.clause : undefined,
  }));
  const says = detail ?? title;
  const [only] = listed;
  // What is said of the whole is not said again of its one part.
  const isSaid = listed.length === 1 && only?.message === detail;
  const clause = isSaid ? only?.clause : error.problem.clause;
  return (
    <Alert
      className="said"
      type="error"
      showIcon
      role="alert"
      title={
        <>
          {says} {clause && <ClauseTag id={clause} />}
        </>
      }
      description={
        <>
          {listed.length > 0 && !isSaid && (
            <ul>
              {listed.map((line, i) => (
                <li key={i}>
                  {line.message} {line.clause && <ClauseTag id={line.clause} />}
                </li>
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
