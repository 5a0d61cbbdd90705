import { outside } from '../outside';
import type { StepDesk } from '../step';

/**
 * Seals what a step delivered after the construction archive was assembled: accounts, handover and management join
 * it as supplements, each under its own checksum, and nobody waits for anybody (P2.4.4).
 */
export async function sealSupplement(
  desk: StepDesk,
  forms: readonly { readonly documents?: Readonly<Record<string, string>> | undefined }[],
): Promise<void> {
  const { step, projectId = '' } = desk.start;
  const documents = forms.flatMap(({ documents: filed = {} }) =>
    Object.entries(filed).map(([name, attachment]) => ({ step, name, attachment })),
  );
  const seal = await outside.sealArchive({ projectId, documents });
  desk.tell('archive-supplement-sealed', seal);
}
