import {api} from './api';
import {store} from './state';
import type {LiveMessage} from './types';

const first_wait_ms = 500;
const longest_wait_ms = 20_000;

/** The live socket: keeps one open while somebody is signed in, and comes back from where it was. */
class Live {
  private socket: WebSocket | null = null;
  private waitMs = first_wait_ms;
  private timer = 0;
  private wanted = false;

  start(): void {
    this.wanted = true;
    window.addEventListener('online', this.hurry);
    document.addEventListener('visibilitychange', this.hurry);
    this.open();
  }

  stop(): void {
    this.wanted = false;
    window.clearTimeout(this.timer);
    window.removeEventListener('online', this.hurry);
    document.removeEventListener('visibilitychange', this.hurry);
    this.socket?.close();
    this.socket = null;
  }

  private open(): void {
    window.clearTimeout(this.timer);
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const since = store.log.last ? `?since=${store.log.last}` : '';
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/live${since}`);
    this.socket = socket;
    socket.onopen = () => this.setConnection('live');
    socket.onmessage = (message) => {
      this.waitMs = first_wait_ms;
      store.take(JSON.parse(String(message.data)) as LiveMessage);
    };
    socket.onclose = () => {
      if (this.socket === socket) this.comeBack();
    };
  }

  private comeBack(): void {
    this.socket = null;
    if (!this.wanted) return;
    this.setConnection('lost');
    // Spread, so that a hundred pages don't return in the same moment.
    this.timer = window.setTimeout(
      () => void this.tryAgain(),
      this.waitMs * (0.75 + Math.random() / 2),
    );
    this.waitMs = Math.min(this.waitMs * 2, longest_wait_ms);
  }

  /** The session may be what ended: it is asked first, which also tells whether the hub is there. */
  private async tryAgain(): Promise<void> {
    try {
      store.session = await api.session();
    } catch {
      return this.comeBack();
    }
    store.changed();
    if (store.session.person) this.open();
  }

  private readonly hurry = () => {
    if (this.socket || document.hidden || !this.wanted) return;
    window.clearTimeout(this.timer);
    void this.tryAgain();
  };

  private setConnection(connection: typeof store.connection): void {
    store.connection = connection;
    store.changed();
  }
}

export const live = new Live();
