import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './theme/antd.css';
import './theme/base.css';
import { App } from './app';
import { carryNonce } from './csp';
import { start } from './i18n';

carryNonce();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has lost its root element');
await start();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
