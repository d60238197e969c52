package handlers

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/i18n"
	"pult/views"
)

func (h *channelTabs) health(c echo.Context) error {
	s, err := h.of(c)
	if err != nil {
		return err
	}
	v, err := h.healthView(c, s.Channel.ID)
	if err != nil {
		return err
	}
	p := views.ChannelHealthPage{
		Shell: h.page.shell(c, "channels.tab.health", "settings"), ChannelHead: channelHead(c, s, "/health", h.help), Health: v,
	}
	if !s.Kind.Fetches {
		p.Public = &views.PublicView{Address: h.probe.public.String(), Listen: h.probe.listen}
	}
	if p.Try, err = h.tryView(c, s); err != nil {
		return err
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.ChannelHealthPage(w, p) })
}

func (h *channelTabs) healthView(c echo.Context, id domain.ID) (views.HealthView, error) {
	health, err := h.desk.ChannelHealth(c.Request().Context(), who(c), id)
	return channelHealthView(words(c), id, health), err
}

// card is asked for now and then while the page is open, and answers the button of check without script.
func (h *channelTabs) card(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	v, err := h.healthView(c, id)
	if err != nil {
		return err
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.HealthCard(w, lang(c), v) })
}

func (h *channelTabs) check(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := h.desk.CheckChannel(c.Request().Context(), who(c), id); err != nil {
		return err
	}
	if !isFragment(c) {
		return redirect(c, "/settings/channels/"+id.String()+"/health")
	}
	return h.card(c)
}

// healthView is a channel's health in words; what is counted in the store is left out.
func healthView(l *i18n.Localizer, id domain.ID, h desk.Health) views.HealthView {
	v := views.HealthView{
		ID: id, State: string(h.State), Detail: h.Detail, Since: h.Since, Expires: h.Expires, Receiver: h.Receiver, Asked: h.Asked, Own: h.Own,
		Calls: h.Calls, Errors: h.Errors, Reconnect: h.Class == "unauthorised" || h.State == desk.HealthUnusable,
	}
	if h.Words != "" {
		args := make([]any, 0, 2*len(h.Args))
		for name, value := range h.Args {
			args = append(args, name, value)
		}
		v.Sentence = l.T(h.Words, args...)
	}
	return v
}

func channelHealthView(l *i18n.Localizer, id domain.ID, h desk.ChannelHealth) views.HealthView {
	v := healthView(l, id, h.Health)
	v.LastEvent, v.Waiting, v.More, v.Oldest, v.Parked = h.LastEvent, h.Waiting, h.Waiting >= desk.WaitingCounted, h.Oldest, h.Parked
	return v
}

// alertViews is what an administrator is told on every page: one line about the disk, one about the channels.
func alertViews(l *i18n.Localizer, list []desk.Alert) (out []views.AlertView) {
	if len(list) > 0 && list[0].Channel.IsZero() {
		out, list = append(out, views.AlertView{Text: l.T("health.disk_full"), Key: "disk"}), list[1:]
	}
	if len(list) == 0 {
		return out
	}
	v := views.AlertView{Href: "/settings/channels/" + list[0].Channel.String() + "/health", Link: l.T("health.alert_link")}
	v.Text = l.T("health.alert", "name", list[0].Name, "sentence", healthView(l, list[0].Channel, list[0].Health).Sentence)
	var names []string
	for _, a := range list {
		names = append(names, a.Name)
		v.Key += fmt.Sprint(a.Channel, a.Health.State, a.Health.Words, a.Health.Since.Unix(), " ")
	}
	if len(list) > 1 {
		v.Href, v.Link = "/settings/channels", l.T("health.alerts_link")
		v.Text = l.N("health.alerts", len(list), "names", strings.Join(names, ", "))
	}
	return append(out, v)
}

// tryView is the form of a trial, nil for channels whose customers have no address to type.
func (h *channelTabs) tryView(c echo.Context, s desk.ChannelSettings) (*views.TryView, error) {
	reach := desk.Reachable(s.Capabilities)
	if reach == "" || s.Trouble != nil || !s.Channel.Enabled {
		return nil, nil
	}
	v := &views.TryView{ID: s.Channel.ID, Mail: reach == domain.MailIdentity, Free: true, Text: words(c).T("try.example")}
	if !s.Capabilities.Templates {
		return v, nil
	}
	all, err := h.desk.Templates(c.Request().Context(), who(c), s.Channel.ID)
	for _, t := range all {
		if t.CanBeSent() && len(t.Slots()) == 0 {
			v.Templates = append(v.Templates, views.Choice{Value: t.Name + "\n" + t.Language, Words: t.Name + " · " + t.Language})
		}
	}
	return v, err
}

// try sends a message at once and shows what the vendor says of it.
func (h *channelTabs) try(c echo.Context) error {
	s, err := h.of(c)
	if err != nil {
		return err
	}
	t := desk.Trial{To: c.FormValue("to"), Text: c.FormValue("text"), Template: c.FormValue("template")}
	if number := e164(t.To, regions[lang(c)]); number != "" && desk.Reachable(s.Capabilities) == domain.PhoneIdentity {
		t.To = number
	}
	result, err := h.desk.TryChannel(c.Request().Context(), who(c), s.Channel.ID, t)
	v := views.TryResult{VendorID: result.VendorID, Taken: err == nil && result.Failure == nil}
	status := http.StatusOK
	switch {
	case refused(err):
		v.Text, status = h.firstFault(c, err), statusOf(err)
	case err != nil:
		return err
	case result.Failure != nil:
		v.Text, v.Detail = words(c).T(result.Failure.Key), result.Failure.Detail
	}
	return h.page.html(c, status, func(w io.Writer) error { return h.page.views.TryResult(w, lang(c), v) })
}

// firstFault is what is wrong with a small form, in one sentence.
func (h *channelTabs) firstFault(c echo.Context, err error) string {
	for _, text := range fields(c, err) {
		return text
	}
	return h.page.sentence(c, err, statusOf(err))
}

// public asks for the desk's own public address, as a vendor would.
func (h *channelTabs) public(c echo.Context) error {
	if _, err := h.of(c); err != nil { // only who may see the channel may have the desk ask
		return err
	}
	result := h.probe.ask(c.Request().Context())
	v := views.PublicResult{Tone: result.tone, Text: words(c).T(result.words, result.args...)}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.PublicResult(w, lang(c), v) })
}
