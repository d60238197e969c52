package handlers

import (
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// responses is the page of what a channel says by itself; a channel that cannot greet has none.
func (h *channelTabs) responses(c echo.Context) error {
	s, err := h.greeting(c)
	if err != nil {
		return err
	}
	return h.drawResponses(c, http.StatusOK, s, s.Channel.Greeting, nil)
}

func (h *channelTabs) saveResponses(c echo.Context) error {
	s, err := h.greeting(c)
	if err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	g := domain.Greeting{On: form.Get("on") != "", Text: form.Get("text")}
	err = h.desk.SetChannelGreeting(c.Request().Context(), who(c), s.Channel.ID, g)
	if domain.KindOf(err) == domain.Invalid {
		return h.drawResponses(c, http.StatusUnprocessableEntity, s, g, fields(c, err))
	}
	if err != nil {
		return err
	}
	return redirect(c, "/settings/channels/"+s.Channel.ID.String()+"/responses?done=saved")
}

// greeting is the channel in the path, when it is one that can greet.
func (h *channelTabs) greeting(c echo.Context) (desk.ChannelSettings, error) {
	s, err := h.of(c)
	if err == nil && !s.Greets() {
		err = domain.Refuse(domain.NotFound, "error.not_found")
	}
	return s, err
}

func (h *channelTabs) drawResponses(c echo.Context, status int, s desk.ChannelSettings, g domain.Greeting, faults map[string]string) error {
	p := views.ChannelResponsesPage{
		Shell: h.page.shell(c, "channels.tab.responses", "settings"), ChannelHead: channelHead(c, s, "/responses", h.help),
		On: g.On, Text: g.Text, Limit: s.GreetingLimit(), Mail: s.Capabilities.Mail, Fault: faults["text"],
	}
	return h.page.html(c, status, func(w io.Writer) error { return h.page.views.ChannelResponsesPage(w, p) })
}
