package settings

import (
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/channels"
	"pult/handlers/web"
	"pult/views"
)

// ShowResponses shows the page of what a channel says by itself; a channel that cannot greet has none.
func (h *ChannelTabs) ShowResponses(c echo.Context) error {
	s, err := h.readGreeter(c)
	if err != nil {
		return err
	}
	return h.drawResponses(c, http.StatusOK, s, s.Channel.Greeting, nil)
}

// SaveResponses stores what a channel says by itself.
func (h *ChannelTabs) SaveResponses(c echo.Context) error {
	s, err := h.readGreeter(c)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	g := domain.Greeting{On: form.Get("on") != "", Text: form.Get("text")}
	err = h.channels.SetGreeting(c.Request().Context(), web.Operator(c), s.Channel.ID, g)
	if web.IsInvalid(err) {
		return h.drawResponses(c, http.StatusUnprocessableEntity, s, g, web.FieldFaults(c, err))
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/channels/"+s.Channel.ID.String()+"/responses?done=saved")
}

// readGreeter reads the channel in the path, when it is one that can greet.
func (h *ChannelTabs) readGreeter(c echo.Context) (channels.Settings, error) {
	s, err := h.readChannel(c)
	if err == nil && !s.CanGreet() {
		err = domain.ErrNotFound
	}
	return s, err
}

func (h *ChannelTabs) drawResponses(
	c echo.Context,
	status int,
	s channels.Settings,
	g domain.Greeting,
	faults map[string]string,
) error {
	p := views.ChannelResponsesPage{
		Shell:       h.page.FillShell(c, "channels.tab.responses", "settings"),
		ChannelHead: showChannelHead(c, s, "/responses", h.help),
		On:          g.On,
		Text:        g.Text,
		Limit:       s.GreetingLimit(),
		Mail:        s.Capabilities.Mail,
		Fault:       faults["text"],
	}
	return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.ChannelResponsesPage(w, p) })
}
