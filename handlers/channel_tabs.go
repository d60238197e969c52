package handlers

import (
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// channelTabs are the pages of one channel beside its settings.
type channelTabs struct {
	desk  *desk.Desk
	page  *pages
	probe *probe
	help  *help
	zone  *time.Location
	now   func() time.Time
}

func (h *channelTabs) routes(g *echo.Group) {
	g.GET("/settings/channels/:id/operators", h.people)
	g.POST("/settings/channels/:id/operators", h.savePeople)
	g.GET("/settings/channels/:id/responses", h.responses)
	g.POST("/settings/channels/:id/responses", h.saveResponses)
	g.GET("/settings/channels/:id/templates", h.templates)
	g.POST("/settings/channels/:id/ticks", h.tick)
	g.GET("/settings/channels/:id/health", h.health)
	g.GET("/settings/channels/:id/health/card", h.card)
	g.POST("/settings/channels/:id/health/check", h.check)
	g.POST("/settings/channels/:id/health/try", h.try)
	g.POST("/settings/channels/:id/health/public", h.public)
}

// channelTab is one page of a channel.
type channelTab struct {
	path  string // below the channel's
	words string // message key
	fits  func(desk.ChannelSettings) bool
}

// tabList is which pages a channel has, in their order; those of its kind follow.
var tabList = []channelTab{
	{"", "channels.tab.settings", func(desk.ChannelSettings) bool { return true }},
	{"/operators", "channels.tab.operators", func(desk.ChannelSettings) bool { return true }},
	{"/health", "channels.tab.health", func(desk.ChannelSettings) bool { return true }},
	{"/responses", "channels.tab.responses", func(s desk.ChannelSettings) bool { return s.Greets() }},
	{"/templates", "channels.tab.templates", func(s desk.ChannelSettings) bool { return s.Capabilities.Templates }},
}

// channelHead is what a page of a channel begins with; path says which page it is.
func channelHead(c echo.Context, s desk.ChannelSettings, path string, help *help) views.ChannelHead {
	v := views.ChannelHead{Row: channelRow(c, s), Help: help.address(s.Kind.Driver)}
	base := "/settings/channels/" + s.Channel.ID.String()
	for _, t := range tabList {
		if t.fits(s) {
			v.Pages = append(v.Pages, views.Choice{Value: base + t.path, Words: words(c).T(t.words), Chosen: t.path == path})
		}
	}
	v.Pages = append(v.Pages, tabsOf(c, s)...)
	if c.QueryParam("done") == "saved" {
		v.Done = words(c).T("channels.done.saved")
	}
	return v
}

// of reads the channel in the path.
func (h *channelTabs) of(c echo.Context) (desk.ChannelSettings, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return desk.ChannelSettings{}, err
	}
	return h.desk.ChannelSettings(c.Request().Context(), who(c), id)
}

func (h *channelTabs) people(c echo.Context) error {
	s, err := h.of(c)
	if err != nil {
		return err
	}
	colleagues, err := h.desk.Operators(c.Request().Context(), who(c))
	if err != nil {
		return err
	}
	p := views.ChannelPeoplePage{Shell: h.page.shell(c, "channels.tab.operators", "settings"), ChannelHead: channelHead(c, s, "/operators", h.help)}
	for _, o := range colleagues {
		if chosen := slices.Contains(s.Channel.Operators, o.ID); o.Active || chosen {
			p.Operators = append(p.Operators, views.Choice{Value: o.ID.String(), Words: o.Name, Chosen: chosen})
		}
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.ChannelPeoplePage(w, p) })
}

func (h *channelTabs) savePeople(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return domain.Refuse(domain.Invalid, "error.bad_request").Because(err)
	}
	var chosen []domain.ID
	for _, text := range form["operator"] {
		operator, err := domain.ParseID(text)
		if err != nil {
			return domain.Refuse(domain.Invalid, "error.bad_request").Because(err)
		}
		chosen = append(chosen, operator)
	}
	if err := h.desk.SetChannelOperators(c.Request().Context(), who(c), id, chosen); err != nil {
		return err
	}
	return redirect(c, "/settings/channels/"+id.String()+"/operators?done=saved")
}

func (h *channelTabs) templates(c echo.Context) error {
	s, err := h.of(c)
	if err != nil {
		return err
	}
	all, err := h.desk.Templates(c.Request().Context(), who(c), s.Channel.ID)
	if err != nil {
		return err
	}
	p := views.ChannelTemplatesPage{Shell: h.page.shell(c, "channels.tab.templates", "settings"), ChannelHead: channelHead(c, s, "/templates", h.help)}
	p.Templates = present(c, h.zone, h.now()).templateList(all, "", "", nil).Templates
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.ChannelTemplatesPage(w, p) })
}

// tick keeps what is ticked off of the steps at the vendor. The whole list comes each time.
func (h *channelTabs) tick(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return domain.Refuse(domain.Invalid, "error.bad_request").Because(err)
	}
	if err := h.desk.TickChannel(c.Request().Context(), who(c), id, form["tick"]); err != nil {
		return err
	}
	if isFragment(c) {
		return c.NoContent(http.StatusNoContent)
	}
	return redirect(c, "/settings/channels/"+id.String())
}
