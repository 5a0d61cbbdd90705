import { useTexts } from './texts';

/** 暂定: it may still move when the year's holidays are published. */
export function Provisional({ is }: { is: boolean }) {
  const texts = useTexts();
  if (!is) return null;
  return (
    <span className="mark caution" title={texts.provisionalHint}>
      {texts.provisional}
    </span>
  );
}

const TONES: Readonly<Record<string, string>> = {
  completed: 'good',
  done: 'good',
  running: 'primary',
  suspended: 'caution',
  waiting: 'caution',
  returned: 'caution',
  'needs-repair': 'alarm',
};

/** A state in a word and a colour; the word alone says it. */
export function State({ state, text }: { state: string; text: string }) {
  return <span className={`mark ${TONES[state] ?? ''}`}>{text}</span>;
}
