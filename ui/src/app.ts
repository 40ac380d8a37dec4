import {LitElement, html, nothing} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import './pages/activity_page';
import './pages/device_page';
import './pages/event_page';
import './pages/home_page';
import './pages/people_page';
import './pages/rule_builder';
import './pages/rules_page';
import './pages/run_page';
import './parts/entry_form';
import './parts/event_list';
import './parts/notice_list';
import './parts/sentence_box';
import './parts/settings_menu';
import {api, whenRefused, whenSignedOut} from './api';
import {appStyles} from './app_styles';
import {baseStyles} from './base_styles';
import {icon, mark} from './icons';
import {live} from './live';
import {links, readRoute, type Route} from './router';
import {StoreController, store} from './state';
import {strings} from './strings';

const S = strings.app;
const retry_ms = 2000;
const bar_gap_px = 12;

/** The whole page: the door, then the frame around one page of the home. */
@customElement('hearth-app')
export class HearthApp extends LitElement {
  @state() private route: Route = readRoute();
  @state() private unreachable = false;
  private isLive = false;
  private top: HTMLElement | null = null;

  static override styles = [baseStyles, appStyles];

  constructor() {
    super();
    new StoreController(this);
    whenSignedOut(() => void this.enter());
    whenRefused(() => void store.refreshSession());
  }

  override connectedCallback() {
    super.connectedCallback();
    window.addEventListener('hashchange', this.onRoute);
    void this.enter();
  }
  override disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.onRoute);
  }

  override updated() {
    document.title = this.title_();
    this.watchBars();
    const signedIn = Boolean(store.session?.person);
    if (signedIn === this.isLive) return;
    this.isLive = signedIn;
    if (signedIn) live.start();
    else live.stop();
  }

  override render() {
    if (!store.session) return this.renderQuiet(this.unreachable ? S.unreachable : S.loading);
    if (!store.session.person) {
      return html`
        <entry-form ?claimed=${store.session.claimed} @entered=${this.enter}></entry-form>
      `;
    }
    return html`
      <div class="frame">${this.renderTop()} ${this.renderBody()}</div>
      <notice-list></notice-list>
    `;
  }

  /** What is scrolled to must not end up behind the bars, whatever stands in them just now. */
  private watchBars(): void {
    const top = this.renderRoot.querySelector<HTMLElement>('header.top');
    if (top === this.top) return;
    this.top = top;
    this.bars.disconnect();
    if (top) this.bars.observe(top);
  }

  private readonly bars = new ResizeObserver(() => {
    const tabs = this.renderRoot.querySelector<HTMLElement>('header.top nav');
    const isBelow = tabs && getComputedStyle(tabs).position === 'fixed';
    const root = document.documentElement.style;
    root.scrollPaddingTop = `${(this.top?.offsetHeight ?? 0) + bar_gap_px}px`;
    root.scrollPaddingBottom = `${(isBelow ? tabs.offsetHeight : 0) + bar_gap_px}px`;
  });

  private title_(): string {
    const titles: Partial<Record<Route['page'], string>> = {
      rules: S.rules,
      'new-rule': S.rules,
      run: S.rules,
      activity: S.activity,
      event: S.activity,
      people: S.people,
    };
    const device = this.route.page === 'device' ? store.device(this.route.id)?.name : undefined;
    const title = store.session?.person ? (device ?? titles[this.route.page]) : undefined;
    return title ? `${title} – ${S.name}` : S.name;
  }

  private renderQuiet(text: string) {
    return html`
      <div class="quiet" role="status">
        ${mark()}
        <p>${text}</p>
      </div>
    `;
  }

  private renderTop() {
    return html`
      <header class="top">
        <button type="button" class="skip" @click=${() => this.main?.focus()}>${S.skip}</button>
        <a class="brand" href=${links.home}>${mark()} ${S.name}</a>
        <nav aria-label=${S.nav}>
          ${this.tab(links.home, 'home', S.home, ['home', 'device'])}
          ${store.may('see') ? this.tab(links.rules, 'rules', S.rules, ['rules', 'new-rule', 'run']) : nothing}
          ${this.tab(links.activity, 'activity', S.activity, ['activity', 'event'])}
        </nav>
        <sentence-box></sentence-box>
        <div class="end"><settings-menu @sign-out=${this.leave}></settings-menu></div>
        <div class="status" role="status">
          ${
            store.connection === 'lost'
              ? html`
                  <p class="banner">${icon('offline')} ${S.lost}</p>
                `
              : nothing
          }
        </div>
      </header>
    `;
  }

  private tab(href: string, drawing: string, text: string, pages: Route['page'][]) {
    const current = pages.includes(this.route.page);
    return html`
      <a href=${href} aria-current=${current ? 'page' : nothing}>${icon(drawing)} ${text}</a>
    `;
  }

  private renderBody() {
    const known = store.log.last > 0 || store.devices.length > 0;
    if (!known && store.connection !== 'live')
      return html`
        <p class="soft">${S.loading}</p>
      `;
    const {page} = this.route;
    const withActivity = page === 'home' || page === 'device' || page === 'rules';
    return html`
      <div class="body ${withActivity ? '' : 'whole'}">
        <main id="main" tabindex="-1">${this.renderPage()}</main>
        ${withActivity ? this.renderActivity() : nothing}
      </div>
    `;
  }

  private renderActivity() {
    return html`
      <aside aria-label=${strings.event.title}>
        <header>
          <h2>${strings.event.title}</h2>
          <a class="small" href=${links.activity}>${strings.event.all}</a>
        </header>
        <div class="panel"><event-list limit="30"></event-list></div>
      </aside>
    `;
  }

  /** Whether the person may do what the page is for; links to it may stand anywhere. */
  private isBarred({page}: Route): boolean {
    if (page === 'new-rule') return !store.may('arrange');
    return (page === 'rules' || page === 'run') && !store.may('see');
  }

  private renderPage() {
    const {route} = this;
    if (this.isBarred(route)) {
      return html`
        <h1>${S.barred}</h1>
        <p><a href=${links.home}>${S.toHome}</a></p>
      `;
    }
    switch (route.page) {
      case 'activity':
        return html`
          <activity-page></activity-page>
        `;
      case 'event':
        return html`
          <event-page number=${route.id}></event-page>
        `;
      case 'device':
        return html`
          <device-page word=${route.id}></device-page>
        `;
      case 'rules':
        return html`
          <rules-page rule=${route.id ?? ''}></rules-page>
        `;
      case 'new-rule':
        return html`
          <rule-builder></rule-builder>
        `;
      case 'run':
        return html`
          <run-page number=${route.id}></run-page>
        `;
      case 'people':
        return html`
          <people-page></people-page>
        `;
      case 'home':
        return html`
          <home-page></home-page>
        `;
      case 'nowhere':
        return html`
          <h1>${S.nowhere}</h1>
          <p><a href=${links.home}>${S.toHome}</a></p>
        `;
    }
  }

  /** Asks who is here; comes back by itself while the hub does not answer. */
  private readonly enter = async () => {
    try {
      store.setSession(await api.session());
      this.unreachable = false;
    } catch {
      this.unreachable = true;
      window.setTimeout(this.enter, retry_ms);
      store.changed();
    }
  };

  private async leave() {
    try {
      await api.signOut();
    } catch (error) {
      store.problem(error);
    }
    location.hash = links.home;
    location.reload(); // nothing of the home stays in memory
  }

  private readonly onRoute = () => {
    this.route = readRoute();
    window.scrollTo(0, 0);
    // Who uses a keyboard or a screen reader goes on in the new page, not behind the old link.
    void this.updateComplete.then(() => this.main?.focus({preventScroll: true}));
  };

  private get main() {
    return this.renderRoot.querySelector<HTMLElement>('main');
  }
}
