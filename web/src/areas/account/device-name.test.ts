import { expect, test } from 'vitest';
import { deviceName, isHandheld } from './device-name';

test('a device is named as people name it', () => {
  const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
  const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';
  expect(deviceName(chrome)).toBe('Chrome · Windows');
  expect(deviceName(`${chrome} Edg/140.0`)).toBe('Edge · Windows');
  expect(deviceName(phone)).toBe('Safari · iOS');
  expect(deviceName('curl/8.0')).toBe('curl/8.0');
  expect(isHandheld(phone)).toBe(true);
  expect(isHandheld(chrome)).toBe(false);
});
