import { personsOf } from '../../../domain/actor';
import { moneyOf, pendingPayments, type Payment } from '../../../domain/construction';
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
      const id = `P${state.payments.length + 1}`;
      const asked: Payment = { id, lot, amountFen, invoice, requester: by.user, state: 'requested' };
      // Another request may have been accepted between the validator's look at the money and this one.
      const over = paymentRefusals(amountFen, moneyOf(state, site.lot(lot)), { ratios }).length > 0;
      if (over) asked.state = 'refused';
      state.payments.push(asked);
      site.changed();
      if (!over) site.goOn(() => pay(site, asked));
      return { id, state: asked.state };
    },
  );
  for (const asked of pendingPayments(state)) site.goOn(() => pay(site, asked));
}

function ratiosOf(site: Site): PaymentRatios {
  const { ratios } = site.desk.place.policy;
  return {
    'advance-cap': ratios['advance-cap'],
    'progress-payment': ratios['progress-payment'],
    retention: ratios.retention,
  };
}

function seen(site: Site, { id, lot: lotId, amountFen, invoice }: Payment): PaymentSeen {
  const lot = site.lot(lotId);
  const money = moneyOf(site.state, lot, id);
  return {
    id,
    lot: lotId,
    name: lot.name,
    payee: lot.payee,
    amountFen,
    invoice,
    money,
    ratios: ratiosOf(site),
  };
}

/** Goes on from wherever the payment stands, until it is paid or refused. */
async function pay(site: Site, asked: Payment): Promise<void> {
  const lot = site.lot(asked.lot);
  const context = (): PaymentSeen => seen(site, asked);
  const move = (state: Payment['state']): void => {
    asked.state = state;
    const { id, amountFen } = asked;
    site.desk.tell(`payment-${state}`, { id, lot: lot.lot, payee: lot.payee, amountFen });
    site.changed();
  };
  if (asked.state === 'requested') {
    // A supervisor does not certify what it is paid itself.
    const certifier = lot.kind === 'supervision' ? COUNTY_HOUSING : SUPERVISOR;
    const { form, by } = await site.ask(paymentCertificate, context, {
      seat: certifier,
      about: asked.id,
      notBy: [asked.requester],
    });
    asked.certifiers = personsOf(by);
    if (form.accepted) asked.amountFen = form.amountFen ?? asked.amountFen;
    move(form.accepted ? 'certified' : 'refused');
  }
  if (asked.state !== 'certified') return;
  const { form } = await site.ask(paymentConfirmation, context, {
    seat: COUNTY_FINANCE,
    about: asked.id,
    notBy: [asked.requester, ...(asked.certifiers ?? [])],
    due: site.desk.place.period('payment-review'),
  });
  if (form.accepted) lot.paidFen += asked.amountFen;
  move(form.accepted ? 'paid' : 'refused');
}
