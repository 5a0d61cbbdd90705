import { moneyOf, type Payment } from '../../../domain/construction';
import {
  payment,
  paymentCertificate,
  paymentConfirmation,
  type PaymentRatios,
  type PaymentSeen,
} from '../../../domain/forms/payments';
import { paymentRefusals } from '../../../domain/works';
import { COUNTY_FINANCE, COUNTY_HOUSING, SUPERVISOR, type Site } from './site';

/** 付款: requested by the owner, certified by the supervisor, paid by county finance. */
export function acceptPayments(site: Site): void {
  const { desk, state } = site;
  const ratios = ratiosOf(site);
  desk.accept(
    payment,
    () => ({ lots: site.money(), ratios, completed: state.completedOn !== undefined }),
    ({ lot, amountFen, invoice }, by) => {
      const asked: Payment = { id: `P${state.payments.length + 1}`, lot, amountFen, state: 'requested' };
      // Another request may have been accepted between the validator's look at the money and this one.
      const over = paymentRefusals(amountFen, moneyOf(state, site.lot(lot)), { ratios }).length > 0;
      if (over) asked.state = 'refused';
      state.payments.push(asked);
      site.changed();
      if (!over) site.goOn(() => pay(site, asked, invoice, by.user));
      return { id: asked.id, state: asked.state };
    },
  );
}

function ratiosOf(site: Site): PaymentRatios {
  const { ratios } = site.desk.place.policy;
  return {
    'advance-cap': ratios['advance-cap'],
    'progress-payment': ratios['progress-payment'],
    retention: ratios.retention,
  };
}

async function pay(site: Site, asked: Payment, invoice: string, requester: string): Promise<void> {
  const { state, desk } = site;
  const lot = site.lot(asked.lot);
  const seen = (): PaymentSeen => ({
    id: asked.id,
    lot: lot.lot,
    name: lot.name,
    payee: lot.payee,
    amountFen: asked.amountFen,
    invoice,
    money: moneyOf(state, lot, asked.id),
    ratios: ratiosOf(site),
  });
  const settle = (outcome: Payment['state']): void => {
    asked.state = outcome;
    desk.tell(`payment-${outcome}`, {
      id: asked.id,
      lot: lot.lot,
      payee: lot.payee,
      amountFen: asked.amountFen,
    });
    site.changed();
  };
  // A supervisor does not certify what it is paid itself.
  const certifier = lot.kind === 'supervision' ? COUNTY_HOUSING : SUPERVISOR;
  const certificate = await site.ask(paymentCertificate, seen, { seat: certifier, notBy: [requester] });
  if (!certificate.form.accepted) return settle('refused');
  asked.amountFen = certificate.form.amountFen ?? asked.amountFen;
  settle('certified');
  const { form } = await site.ask(paymentConfirmation, seen, {
    seat: COUNTY_FINANCE,
    notBy: [requester, certificate.by.user],
    due: desk.place.period('payment-review'),
  });
  if (!form.accepted) return settle('refused');
  lot.paidFen += asked.amountFen;
  settle('paid');
}
