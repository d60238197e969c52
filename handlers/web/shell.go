package web

import (
	"context"
	"fmt"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/handlers/present"
	"pult/i18n"
	"pult/views"
)

// FillShell is the frame of a page for the reader. A frame without tabs is better than no page: what cannot be read is
// logged and left out.
func (p *Pages) FillShell(c echo.Context, titleKey, active string) views.Shell {
	o := Operator(c)
	s := views.Shell{
		Lang:          Language(c),
		Title:         Words(c).T(titleKey),
		Active:        active,
		Demo:          p.Demo,
		Theme:         o.Preferences.Theme,
		SingleKeysOff: o.Preferences.SingleKeysOff,
		Reader:        present.Reader(o),
		May:           present.Rights(o),
	}
	w, err := p.auth.Workspace(c.Request().Context())
	if err == nil {
		s.Company = w.Company
		err = p.fillFrame(c.Request().Context(), o, &s)
	}
	if err != nil {
		p.log.Error("frame of a page", "request", RequestID(c), "error", err)
	}
	s.LiveURL = "/live/news?after=" + fmt.Sprint(s.Seq)
	return s
}

// fillFrame fills in what changes while people work. The number of the newest event is read first: what changes while
// the rest is read is then told once more by the stream, never missed.
func (p *Pages) fillFrame(ctx context.Context, o *domain.Operator, s *views.Shell) error {
	s.Seq = p.connections.LastEventNumber(ctx)
	on, err := p.connections.IsChatsOn(ctx)
	if err != nil {
		return err
	}
	s.ChatsOff = !on
	rows, err := p.chats.ListTabs(ctx, o)
	if err != nil {
		return err
	}
	s.Tabs = present.Tabs(rows)
	alerts, err := p.connections.ListAlerts(ctx, o)
	if err != nil {
		return err
	}
	s.Alerts = present.Alerts(i18n.For(s.Lang), alerts)
	live, err := p.calls.FindLive(ctx, o)
	if err != nil {
		return err
	}
	if live != nil {
		s.Call = p.PresenterIn(s.Lang).CallPanel(live)
	}
	s.Counts.Waiting, err = p.chats.CountWaiting(ctx, o)
	return err
}
