import { candidatesOf, sumsOf } from './candidates';
import { useTexts } from './texts';
import { Worksheet } from './worksheet';

/** A county's list as whoever submits it, or only looks at it, reads it. */
export function Submitted({ context }: { context: unknown }) {
  const texts = useTexts();
  const all = candidatesOf(context);
  return (
    <>
      <p className="sums">{sumsOf(texts, texts.sums, all)}</p>
      <Worksheet title={texts.list} all={all} filters={[]} />
    </>
  );
}
