package handlers

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk"
	"pult/i18n"
	"pult/static"
	"pult/views"
)

// pages is what every handler renders with: the views, and what the frame of a page shows.
type pages struct {
	views *views.Views
	desk  *desk.Desk
	auth  *auth.Auth
	log   *slog.Logger
	now   func() time.Time
	demo  bool
}

// keys of what middleware leaves in the echo context.
const (
	keyOperator = "operator" // *domain.Operator who is signed in
	keyToken    = "token"    // their session's token
)

// who is the signed-in operator. The session middleware guarantees one on every route that is not open.
func who(c echo.Context) *domain.Operator {
	o, _ := c.Get(keyOperator).(*domain.Operator)
	return o
}

// lang is the language of the reader: their own choice, else what a link on an open page says, else what the browser asks.
func lang(c echo.Context) string {
	if o := who(c); o != nil && o.Language.IsValid() {
		return string(o.Language)
	}
	if l := domain.Language(c.QueryParam("lang")); who(c) == nil && l.IsValid() {
		return string(l)
	}
	return i18n.Match(c.Request().Header.Get("Accept-Language"))
}

// words speaks the reader's language.
func words(c echo.Context) *i18n.Localizer { return i18n.For(lang(c)) }

// isFragment tells whether htmx asked for a part of a page; a request that replaces the whole body gets the whole page.
func isFragment(c echo.Context) bool {
	h := c.Request().Header
	return h.Get("HX-Request") == "true" && h.Get("HX-Request-Type") != "full" && h.Get("HX-History-Restore-Request") != "true"
}

// pathID reads an identifier from the path. What is not one names nothing: NotFound.
func pathID(c echo.Context, name string) (domain.ID, error) {
	id, err := domain.ParseID(c.Param(name))
	if err != nil {
		return id, domain.Refuse(domain.NotFound, "error.not_found").Because(err)
	}
	return id, nil
}

// html answers with what draw writes. It is drawn completely before the status goes out.
func (p *pages) html(c echo.Context, status int, draw func(w io.Writer) error) error {
	var b bytes.Buffer
	if err := draw(&b); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "HX-Request, Accept-Encoding")
	body := b.Bytes()
	if len(body) >= worthPacking && static.AcceptsEncoding(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = packed(body)
	}
	return c.HTMLBlob(status, body)
}

// worthPacking is the size from which compression pays: less fits into one packet anyway.
const worthPacking = 1400

// packers are kept because each has more than a megabyte of tables.
var packers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // fails only for an unknown level
	return w
}}

func packed(body []byte) []byte {
	var out bytes.Buffer
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	w.Reset(&out)
	_, _ = w.Write(body) // a bytes.Buffer does not fail
	_ = w.Close()
	return out.Bytes()
}

// shell is the frame of a page for the reader. A frame without tabs is better than no page: what cannot be read is
// logged and left out.
func (p *pages) shell(c echo.Context, titleKey, active string) views.Shell {
	o := who(c)
	s := views.Shell{
		Lang: lang(c), Title: words(c).T(titleKey), Active: active, Demo: p.demo,
		Theme: o.Preferences.Theme, SingleKeysOff: o.Preferences.SingleKeysOff, EnterSends: !o.Preferences.EnterSendsNot,
		Reader: reader(o), May: rights(o),
	}
	w, err := p.auth.Workspace(c.Request().Context())
	if err == nil {
		s.Company = w.Company
		err = p.frame(c.Request().Context(), o, &s)
	}
	if err != nil {
		p.log.Error("frame of a page", "request", requestOf(c.Request()).id, "error", err)
	}
	s.LiveURL = "/live?after=" + fmt.Sprint(s.Seq)
	return s
}

// frame fills in what changes while people work. The number of the newest event is read first: what changes while the
// rest is read is then told once more by the stream, never missed.
func (p *pages) frame(ctx context.Context, o *domain.Operator, s *views.Shell) error {
	s.Seq = p.desk.Seq(ctx)
	on, err := p.desk.ChatsOn(ctx)
	if err != nil {
		return err
	}
	s.ChatsOff = !on
	rows, err := p.desk.Tabs(ctx, o)
	if err != nil {
		return err
	}
	s.Tabs = tabViews(rows)
	alerts, err := p.desk.Alerts(ctx, o)
	if err != nil {
		return err
	}
	s.Alerts = alertViews(i18n.For(s.Lang), alerts)
	live, err := p.desk.LiveCall(ctx, o)
	if err != nil {
		return err
	}
	if live != nil {
		s.Call = presenter{l: i18n.For(s.Lang), now: p.now()}.callPanel(live)
	}
	s.Counts.Waiting, err = p.desk.Waiting(ctx, o)
	return err
}

// tabViews are the open conversations as the tab bar shows them.
func tabViews(rows []desk.Row) []views.TabView {
	var out []views.TabView
	for _, r := range rows {
		t := views.TabView{ID: r.ID, Name: r.Name, Unread: r.Unread}
		if r.Channel != nil {
			t.Kind = r.Channel.Kind
		}
		out = append(out, t)
	}
	return out
}

func reader(o *domain.Operator) views.ReaderView {
	return views.ReaderView{ID: o.ID, Name: o.Name, Email: o.Email, Presence: o.Presence, Initials: domain.Initials(o.Name)}
}

// asked are the actions that templates ask for.
var asked = []domain.Permission{
	domain.SeeRaw, domain.ManageOperators, domain.ManageChannels, domain.ManageJournal, domain.ManageSettings,
	domain.ManageTemplates, domain.ExportEverything,
}

func rights(o *domain.Operator) map[string]bool {
	may := map[string]bool{}
	for _, a := range asked {
		may[string(a)] = o.May(a)
	}
	return may
}

// toast answers an htmx request with nothing but a short piece of news.
func (p *pages) toast(c echo.Context, key string, args ...any) error {
	return p.html(c, http.StatusOK, func(w io.Writer) error {
		return p.views.Toast(w, lang(c), views.Toast{Text: words(c).T(key, args...)})
	})
}

// redirect leads the reader to another page of the desk, with or without htmx. to is a path of ours, never a text from
// outside.
func redirect(c echo.Context, to string) error {
	if c.Request().Header.Get("HX-Request") == "true" {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// withQuery adds a value to an address of ours.
func withQuery(path, name, value string) string {
	return path + "?" + url.Values{name: {value}}.Encode()
}
