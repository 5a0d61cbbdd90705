import { TextField } from '../form/fields';
import { useTexts } from './texts';

/** Why an administrator does it: kept, and read by whoever audits. */
export function ReasonField() {
  const texts = useTexts();
  return <TextField name="reason" label={texts.reason} hint={texts.reasonHint} maxLength={200} />;
}
