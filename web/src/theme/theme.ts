import type { ThemeConfig } from 'antd';

/** Every text at least 4.5:1 on what it stands on (WCAG 2.1, 1.4.3): antd's own greys and colours are not. */
export const theme: ThemeConfig = {
  token: {
    colorPrimary: '#1c4e94',
    colorInfo: '#1c4e94',
    colorLink: '#1c4e94',
    colorLinkHover: '#12366a',
    colorSuccess: '#1d6b37',
    colorWarning: '#8a4b00',
    colorError: '#b3261e',
    colorErrorHover: '#931d17',
    colorText: '#1b1f26',
    colorTextSecondary: '#454d5a',
    colorTextTertiary: '#565f6d',
    colorTextDescription: '#565f6d',
    colorTextPlaceholder: '#636c7a',
    colorTextQuaternary: '#636c7a',
    colorTextDisabled: '#636c7a',
    // What antd derives from colours so dark is a muddy grey.
    colorInfoBg: '#e9f0fa',
    colorSuccessBg: '#e8f4ec',
    colorWarningBg: '#fdf3e1',
    colorErrorBg: '#fdecea',
    colorBorder: '#868f9c',
    colorBorderSecondary: '#d5dae1',
    colorBgLayout: '#f3f5f8',
    borderRadius: 4,
    fontSize: 15,
    fontFamily:
      '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif',
    // What moves without need disturbs reading, and makes tests wait.
    motion: false,
  },
};
