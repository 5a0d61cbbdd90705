import type { Notice } from './notice';
import { useTexts } from './texts';

export function TimeLeft({ notice: { open, left, postedOn, lastDay, provisional } }: { notice: Notice }) {
  const texts = useTexts();
  return (
    <p className="time-left">
      <strong className={open ? 'open' : ''}>
        {open && left ? texts.left(left.workingDays) : open ? texts.open : texts.closed}
      </strong>
      {postedOn && lastDay && ` ${texts.hangs(postedOn, lastDay)}`}
      {open && provisional && `（${texts.provisional}）`}
    </p>
  );
}
