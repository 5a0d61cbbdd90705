import express, { type Router } from 'express';
import helmet from 'helmet';
import swaggerUi from 'swagger-ui-express';

/** The OpenAPI document as JSON and as a page. The page's own styles are inline; scripts are files of ours only. */
export function docs(document: () => object): Router {
  const router = express.Router();
  let made: object | undefined;
  router.get('/openapi.json', (_request, response) => {
    made ??= document();
    response.json(made);
  });
  router.use(
    '/docs',
    helmet.contentSecurityPolicy({
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
      useDefaults: false,
    }),
    swaggerUi.serve,
    swaggerUi.setup(undefined, { swaggerUrl: '/openapi.json', customSiteTitle: '旧改 API' }),
  );
  return router;
}
