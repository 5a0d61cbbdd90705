import type { RequestHandler } from 'express';
import helmet from 'helmet';

const YEAR_S = 365 * 24 * 3_600;

/** What no page of this program ever asks a browser for. */
const DENIED_FEATURES = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
];

/**
 * Headers of every answer, errors included: an answer of the API is data, loads nothing, is shown in no frame, and
 * tells no other site where one came from. A page that needs more says so itself.
 */
export function securityHeaders(): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
      frameguard: { action: 'deny' },
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: false,
    }),
    (request, response, next) => {
      response.set('Permissions-Policy', DENIED_FEATURES.map((feature) => `${feature}=()`).join(', '));
      // Over a plain connection browsers ignore it, and on one machine there is no https to insist on.
      if (request.secure) response.set('Strict-Transport-Security', `max-age=${YEAR_S}`);
      next();
    },
  ];
}
