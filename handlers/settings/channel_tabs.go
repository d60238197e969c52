package settings

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/channels"
	"pult/domain/desk/connections"
	"pult/domain/desk/people"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// AskPublic asks for the desk's own public address as a vendor would, and says what came of it: a colour, and a
// sentence by its key.
type AskPublic func(ctx context.Context) (tone, key string, args []any)

// ChannelTabs are the pages of one channel beside its settings.
type ChannelTabs struct {
	channels     *channels.Service
	connections  *connections.Service
	people       *people.Service
	page         *web.Pages
	publicURL    domain.Origin // of the public listener as vendors know it; zero = none is known
	publicListen string        // origin of the public listener on this machine: where a tunnel or proxy has to point
	probe        AskPublic
	help         *Help
}

// channelTab is one page of a channel.
type channelTab struct {
	path  string // below the channel's
	words string // message key
	fits  func(channels.Settings) bool
}

// tabList is which pages a channel has, in their order; those of its kind follow.
var tabList = []channelTab{
	{"", "channels.tab.settings", func(channels.Settings) bool { return true }},
	{"/operators", "channels.tab.operators", func(channels.Settings) bool { return true }},
	{"/health", "channels.tab.health", func(channels.Settings) bool { return true }},
	{"/responses", "channels.tab.responses", func(s channels.Settings) bool { return s.CanGreet() }},
	{"/templates", "channels.tab.templates", func(s channels.Settings) bool { return s.Capabilities.Templates }},
}

// showChannelHead shows what a page of a channel begins with; path says which page it is.
func showChannelHead(c echo.Context, s channels.Settings, path string, help *Help) views.ChannelHead {
	v := views.ChannelHead{Row: showChannelRow(c, s), Help: help.findGuide(s.Product.Driver)}
	base := "/settings/channels/" + s.Channel.ID.String()
	for _, t := range tabList {
		if t.fits(s) {
			v.Pages = append(v.Pages, views.Choice{
				Value:  base + t.path,
				Words:  web.Words(c).T(t.words),
				Chosen: t.path == path,
			})
		}
	}
	v.Pages = append(v.Pages, showKindTabs(c, s)...)
	if c.QueryParam("done") == "saved" {
		v.Done = web.Words(c).T("channels.done.saved")
	}
	return v
}

// readChannel reads the channel in the path.
func (h *ChannelTabs) readChannel(c echo.Context) (channels.Settings, error) {
	id, err := web.PathID(c, "id")
	if err != nil {
		return channels.Settings{}, err
	}
	return h.channels.Read(c.Request().Context(), web.Operator(c), id)
}

// ShowOperators shows who handles a channel.
func (h *ChannelTabs) ShowOperators(c echo.Context) error {
	s, err := h.readChannel(c)
	if err != nil {
		return err
	}
	colleagues, err := h.people.Operators(c.Request().Context(), web.Operator(c))
	if err != nil {
		return err
	}
	p := views.ChannelPeoplePage{
		Shell:       h.page.FillShell(c, "channels.tab.operators", "settings"),
		ChannelHead: showChannelHead(c, s, "/operators", h.help),
	}
	for _, o := range colleagues {
		if chosen := slices.Contains(s.Channel.Operators, o.ID); o.Active || chosen {
			p.Operators = append(p.Operators, views.Choice{Value: o.ID.String(), Words: o.Name, Chosen: chosen})
		}
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.ChannelPeoplePage(w, p) })
}

// SaveOperators keeps who handles a channel; nobody chosen means everybody.
func (h *ChannelTabs) SaveOperators(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	form, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	var chosen []domain.ID
	for _, text := range form["operator"] {
		operator, err := domain.ParseID(text)
		if err != nil {
			return domain.Refuse(domain.Invalid, "error.bad_request").Because(err)
		}
		chosen = append(chosen, operator)
	}
	if err := h.channels.SetOperators(c.Request().Context(), web.Operator(c), id, chosen); err != nil {
		return err
	}
	h.page.Record(c, "channel_access_changed", "channel", id.String(), "operators", web.JoinIDs(chosen))
	return web.Redirect(c, "/settings/channels/"+id.String()+"/operators?done=saved")
}

// ShowTemplates shows the message templates of a channel.
func (h *ChannelTabs) ShowTemplates(c echo.Context) error {
	s, err := h.readChannel(c)
	if err != nil {
		return err
	}
	all, err := h.channels.ListTemplates(c.Request().Context(), web.Operator(c), s.Channel.ID)
	if err != nil {
		return err
	}
	p := views.ChannelTemplatesPage{
		Shell:       h.page.FillShell(c, "channels.tab.templates", "settings"),
		ChannelHead: showChannelHead(c, s, "/templates", h.help),
	}
	p.List = h.page.Presenter(c).TemplateList(all, present.ReadTemplatesQuery(c.QueryParams()), "", nil)
	if p.List.More != "" {
		_, query, _ := strings.Cut(p.List.More, "?")
		p.List.More = c.Request().URL.Path + "?" + query
	}
	return h.page.WriteHTML(
		c,
		http.StatusOK,
		func(w io.Writer) error { return h.page.Views.ChannelTemplatesPage(w, p) },
	)
}

// SaveTicks keeps what is ticked off of the steps at the vendor. The whole list comes each time.
func (h *ChannelTabs) SaveTicks(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	form, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	if err := h.channels.Tick(c.Request().Context(), web.Operator(c), id, form["tick"]); err != nil {
		return err
	}
	if web.IsFragment(c) {
		return c.NoContent(http.StatusNoContent)
	}
	return web.Redirect(c, "/settings/channels/"+id.String())
}
