package present

import (
	"fmt"
	"strings"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/i18n"
	"pult/views"
)

// Health is a channel's health in words; what is counted in the store is left out.
func Health(l *i18n.Localizer, id domain.ID, h connections.Health) views.HealthView {
	v := views.HealthView{
		ID:        id,
		State:     string(h.State),
		Detail:    h.Detail,
		Since:     h.Since,
		Expires:   h.Expires,
		Receiver:  h.Receiver,
		Asked:     h.Asked,
		Own:       h.Own,
		Calls:     h.Calls,
		Errors:    h.Errors,
		Reconnect: h.Class == "unauthorised" || h.State == connections.HealthUnusable,
	}
	if h.Words != "" {
		args := make([]any, 0, 2*len(h.Args))
		for name, value := range h.Args {
			args = append(args, name, value)
		}
		if !h.Expires.IsZero() {
			args = append(args, "date", l.Date(h.Expires))
		}
		v.Sentence = l.T(h.Words, args...)
	}
	return v
}

// ChannelHealth is a channel's health in words, with what is counted in the store.
func ChannelHealth(l *i18n.Localizer, id domain.ID, h connections.ChannelHealth) views.HealthView {
	v := Health(l, id, h.Health)
	v.LastEvent, v.Oldest, v.Parked = h.LastEvent, h.Oldest, h.Parked
	v.Waiting, v.More = h.Waiting, h.Waiting >= connections.WaitingCounted
	return v
}

// Alerts is what an administrator is told on every page: one line about the disk, one about a
// proxy, one about the channels.
func Alerts(l *i18n.Localizer, list []connections.Alert) (out []views.AlertView) {
	for len(list) > 0 && list[0].Channel.IsZero() {
		v := views.AlertView{Text: l.T("health.disk_full"), Key: "disk"}
		if proxy := list[0].Proxy; proxy != "" {
			v = views.AlertView{Text: l.T("health.unnamed_proxy", "address", proxy), Key: "proxy " + proxy}
		}
		out, list = append(out, v), list[1:]
	}
	if len(list) == 0 {
		return out
	}
	v := views.AlertView{
		Href: "/settings/channels/" + list[0].Channel.String() + "/health",
		Link: l.T("health.alert_link"),
	}
	v.Text = l.T("health.alert", "name", list[0].Name, "sentence", Health(l, list[0].Channel, list[0].Health).Sentence)
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
