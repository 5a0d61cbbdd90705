import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { NoAnswer, Refused } from './api/client';
import { SessionProvider } from './api/session';
import { Antd } from './app/antd';
import { App } from './app/app';
import { LanguageChoice } from './words/language';
import './theme/page.css';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What was refused once is refused again; what did not arrive may arrive.
      retry: (failures, error) =>
        failures < 2 &&
        (error instanceof NoAnswer || (error instanceof Refused && error.problem.status === 503)),
      networkMode: 'always',
      staleTime: 5_000,
    },
    mutations: { networkMode: 'always' },
  },
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <LanguageChoice>
      <Antd>
        <QueryClientProvider client={client}>
          <BrowserRouter basename="/app">
            <SessionProvider>
              <App />
            </SessionProvider>
          </BrowserRouter>
        </QueryClientProvider>
      </Antd>
    </LanguageChoice>,
  );
}
