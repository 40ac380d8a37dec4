import {api} from './api';
import {store} from './state';
import type {LiveMessage} from './types';

const first_wait_ms = 500;
const longest_wait_ms = 20_000;
/** The hub is heard at least every five seconds; two heartbeats missed, and it is away. */
const longest_silence_ms = 12_500;
const look_every_ms = 1000;

/** The live socket: keeps one open while somebody is signed in, and comes back from where it was. */
class Live {
  private socket: WebSocket | null = null;
  private waitMs = first_wait_ms;
  private timer = 0;
  private watch = 0;
  private heardAt = 0;
  private wanted = false;

  start(): void {
    this.wanted = true;
    window.addEventListener('online', this.hurry);
    document.addEventListener('visibilitychange', this.hurry);
    this.watch = window.setInterval(this.checkSilence, look_every_ms);
    this.open();
  }

  stop(): void {
    this.wanted = false;
    window.clearTimeout(this.timer);
    window.clearInterval(this.watch);
    window.removeEventListener('online', this.hurry);
    document.removeEventListener('visibilitychange', this.hurry);
    this.socket?.close();
    this.socket = null;
    store.setConnection('connecting');
  }

  private open(): void {
    window.clearTimeout(this.timer);
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const since = store.since ? `?since=${store.since}` : '';
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/live${since}`);
    this.socket = socket;
    this.heardAt = Date.now();
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.heardAt = Date.now();
      store.setConnection('live');
    };
    socket.onmessage = (message) => {
      if (this.socket !== socket) return;
      this.heardAt = Date.now();
      this.waitMs = first_wait_ms;
      store.take(JSON.parse(String(message.data)) as LiveMessage);
    };
    socket.onclose = () => {
      if (this.socket === socket) this.comeBack();
    };
  }

  /** A cable out, a hub that hangs or a phone that slept close no socket: only the silence tells.
      The wall clock counts, which goes on while the machine sleeps. */
  private readonly checkSilence = () => {
    const {socket} = this;
    if (!socket || Date.now() - this.heardAt <= longest_silence_ms) return;
    this.comeBack();
    socket.close(); // on its own time: it may wait for an answer that never comes
  };

  private comeBack(): void {
    this.socket = null;
    if (!this.wanted) return;
    store.setConnection('lost');
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
      store.setSession(await api.session());
    } catch {
      return this.comeBack();
    }
    if (store.session?.person) this.open();
  }

  private readonly hurry = () => {
    if (document.hidden || !this.wanted) return;
    this.checkSilence();
    if (this.socket) return;
    window.clearTimeout(this.timer);
    void this.tryAgain();
  };
}

export const live = new Live();
