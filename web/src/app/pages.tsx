import { pagesFor } from '../admin/rights';
import type { Me } from '../api/session';
import type { Words } from '../words/zh';
import { lazy, type LazyPage } from './lazy';

/** One page: its files are fetched when it is first opened. */
export interface PageRow {
  /** Below `/app`; react-router's notation. */
  readonly path: string;
  readonly page: LazyPage;
  /** Stands in the navigation, for everybody or for those of whom this is true. */
  readonly nav?: { readonly title: (words: Words) => string; readonly isFor?: (me: Me) => boolean };
  /** No log-in needed. */
  readonly isPublic?: true;
}

/** Every page there is, in the order of the navigation: a page is added by its folder and one row here. */
export const pages: readonly PageRow[] = [
  {
    path: '/',
    page: lazy(async () => ({ default: (await import('../inbox/inbox-page')).InboxPage })),
    nav: { title: ({ nav }) => nav.inbox },
  },
  {
    path: '/tasks/:id',
    page: lazy(async () => ({ default: (await import('../task/task-page')).TaskPage })),
  },
  {
    path: '/projects',
    page: lazy(async () => ({ default: (await import('../project/list-page')).ProjectsPage })),
    nav: {
      title: ({ nav }) => nav.projects,
      isFor: ({ roles }) => !roles.includes('security-administrator'),
    },
  },
  {
    path: '/projects/:id',
    page: lazy(async () => ({ default: (await import('../project/project-page')).ProjectPage })),
  },
  {
    path: '/notices',
    page: lazy(async () => ({ default: (await import('../notice/list-page')).NoticesPage })),
    nav: { title: ({ nav }) => nav.notices },
    isPublic: true,
  },
  {
    path: '/notices/:id',
    page: lazy(async () => ({ default: (await import('../notice/notice-page')).NoticePage })),
    isPublic: true,
  },
  {
    path: '/year',
    page: lazy(async () => ({ default: (await import('../year/year-page')).YearPage })),
    nav: {
      title: ({ nav }) => nav.year,
      isFor: ({ roles }) => !roles.includes('security-administrator'),
    },
  },
  {
    path: '/year/:year',
    page: lazy(async () => ({ default: (await import('../year/year-page')).YearPage })),
  },
  {
    path: '/admin/*',
    page: lazy(async () => ({ default: (await import('../admin/admin-page')).AdministrationPage })),
    nav: { title: ({ nav }) => nav.admin, isFor: ({ may }) => pagesFor(may).length > 0 },
  },
  {
    path: '/messages',
    page: lazy(async () => ({ default: (await import('../messages/messages-page')).MessagesPage })),
  },
  {
    path: '/account',
    page: lazy(async () => ({ default: (await import('../account/account-page')).AccountPage })),
    nav: { title: ({ nav }) => nav.account },
  },
];
