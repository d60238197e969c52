package calls

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/calls"
	"pult/domain/desk/chats"
	"pult/domain/desk/people"
	"pult/handlers/web"
	"pult/views"
)

// Calls is the telephone: the panel above every page, the way to call, and calls written down by hand.
type Calls struct {
	calls  *calls.Service
	chats  *chats.Service
	people *people.Service
	page   *web.Pages
}

// ShowForm shows what has to be said before a call, and the way to write one down.
func (h *Calls) ShowForm(c echo.Context) error {
	p, err := h.fillForm(c)
	if err != nil {
		return err
	}
	p.Log.Open = c.QueryParam("log") != ""
	return h.drawForm(c, http.StatusOK, p)
}

// fillForm fills the form with what is known: the contact in the request, the channels over which the reader can call,
// and their telephone.
func (h *Calls) fillForm(c echo.Context) (views.CallPage, error) {
	ctx, o := c.Request().Context(), web.Operator(c)
	contact, err := h.chats.ReadContact(ctx, o, web.ParseID(c.FormValue("contact")))
	if err != nil {
		return views.CallPage{}, err
	}
	channels, err := h.calls.ListChannels(ctx, o)
	p := views.CallPage{
		ContactID:      contact.ID,
		ConversationID: web.ParseID(c.FormValue("conversation")),
		Contact:        contact.Title(),
		Phone:          c.FormValue("phone"),
		KnowsPhone:     o.Phone != "",
		Log: views.CallLogView{
			Once:     web.ParseID(c.FormValue(web.OnceField)),
			Incoming: c.FormValue("direction") == "in",
			At:       c.FormValue("at"),
			Minutes:  c.FormValue("minutes"),
			Note:     c.FormValue("note"),
		},
	}
	p.Numbers = contact.Phones()
	for _, channel := range channels {
		p.Channels = append(p.Channels, views.CallChannel{ID: channel.ID, Name: channel.Name, Number: channel.Account})
	}
	for _, outcome := range domain.CallOutcomes {
		p.Log.Outcomes = append(p.Log.Outcomes, views.Choice{
			Value:  string(outcome),
			Words:  web.Words(c).T("call.outcome." + string(outcome)),
			Chosen: c.FormValue("outcome") == string(outcome),
		})
	}
	return p, err
}

func (h *Calls) drawForm(c echo.Context, status int, p views.CallPage) error {
	if p.Log.Once.IsZero() {
		p.Log.Once = h.page.NewID()
	}
	p.Shell.Lang, p.Standalone = web.Language(c), !web.IsFragment(c)
	if p.Standalone {
		p.Shell = h.page.FillShell(c, "call.call", "chats")
	}
	return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.CallPage(w, p) })
}

// Start calls at once when nothing has to be asked; otherwise it answers with the form.
func (h *Calls) Start(c echo.Context) error {
	ctx, o := c.Request().Context(), web.Operator(c)
	p, err := h.fillForm(c)
	if err != nil {
		return err
	}
	call := calls.NewCall{
		ContactID: p.ContactID,
		ChannelID: web.ParseID(c.FormValue("channel")),
		Number:    c.FormValue("number"),
		From:      p.ConversationID,
		Language:  domain.Language(web.Language(c)),
	}
	if call.ChannelID.IsZero() && len(p.Channels) == 1 {
		call.ChannelID = p.Channels[0].ID
	}
	if call.Number == "" && len(p.Numbers) == 1 {
		call.Number = p.Numbers[0]
	}
	if typed := strings.TrimSpace(p.Phone); typed != "" {
		if err := h.people.SavePhone(ctx, o, web.ReadPhone(c, typed)); err != nil {
			return h.refuseForm(c, p, err)
		}
		p.KnowsPhone = true
	}
	if call.ChannelID.IsZero() || call.Number == "" || !p.KnowsPhone {
		return h.drawForm(c, http.StatusOK, p)
	}
	m, err := h.calls.Start(ctx, o, call)
	if err != nil {
		return h.refuseForm(c, p, err)
	}
	return h.drawPanel(c, m.ConversationID)
}

// refuseForm answers with the form and its faults, or with the error when it is about no field.
func (h *Calls) refuseForm(c echo.Context, p views.CallPage, err error) error {
	if p.Fields = web.FieldFaults(c, err); p.Fields == nil {
		return err
	}
	if p.Fields["phone"] != "" {
		p.KnowsPhone = false
	}
	return h.drawForm(c, http.StatusUnprocessableEntity, p)
}

// Log writes a call down and leads back to where it stands now.
func (h *Calls) Log(c echo.Context) error {
	p, err := h.fillForm(c)
	if err != nil {
		return err
	}
	p.Log.Open = true
	l := calls.LoggedCall{
		Once:           p.Log.Once,
		ConversationID: p.ConversationID,
		Incoming:       p.Log.Incoming,
		Outcome:        domain.CallState(c.FormValue("outcome")),
		Note:           p.Log.Note,
	}
	if l.Duration, l.At, p.Fields = h.readTimes(c, p.Log); p.Fields != nil {
		return h.drawForm(c, http.StatusUnprocessableEntity, p)
	}
	m, err := h.calls.Log(c.Request().Context(), web.Operator(c), l)
	if err != nil {
		return h.refuseForm(c, p, err)
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, "/chats/"+m.ConversationID.String())
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		if err := h.page.Views.CallAsked(w); err != nil {
			return err
		}
		return h.page.Views.Toast(w, web.Language(c), views.Toast{Text: web.Words(c).T("call.log_done")})
	})
}

// readTimes reads how long a call lasted and when it began; faults by field.
func (h *Calls) readTimes(
	c echo.Context,
	l views.CallLogView,
) (lasted time.Duration, at time.Time, faults map[string]string) {
	faults = map[string]string{}
	if text := strings.TrimSpace(l.Minutes); text != "" {
		minutes, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
		if err != nil || !(minutes >= 0 && minutes <= 24*60) {
			faults["minutes"] = web.Words(c).T("error.field.call_duration")
		}
		lasted = time.Duration(minutes * float64(time.Minute)).Round(time.Second)
	}
	if l.At != "" {
		var err error
		if at, err = time.ParseInLocation("2006-01-02T15:04", l.At, h.page.Zone); err != nil {
			faults["at"] = web.Words(c).T("error.field.call_future")
		}
	}
	if len(faults) == 0 {
		return lasted, at, nil
	}
	return 0, at, faults
}

// HangUp ends a call of the reader.
func (h *Calls) HangUp(c echo.Context) error { return h.actAndAnswer(c, h.calls.HangUp) }

// Dismiss takes a call that is over off the panel.
func (h *Calls) Dismiss(c echo.Context) error { return h.actAndAnswer(c, h.calls.Dismiss) }

// Hold lets the other side wait, or takes the call up again.
func (h *Calls) Hold(c echo.Context) error {
	return h.actAndAnswer(c, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.calls.Hold(ctx, o, id, c.FormValue("on") != "")
	})
}

// SaveNote keeps what was noted about a call.
func (h *Calls) SaveNote(c echo.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if err := h.calls.Note(c.Request().Context(), web.Operator(c), id, c.FormValue("note")); err != nil {
		return err
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, "/messages/"+id.String())
	}
	return h.page.WriteToast(c, "call.note_saved")
}

// actAndAnswer acts on the call in the path and answers with the panel.
func (h *Calls) actAndAnswer(c echo.Context, act func(context.Context, *domain.Operator, domain.ID) error) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if err := act(c.Request().Context(), web.Operator(c), id); err != nil {
		return err
	}
	return h.drawPanel(c, domain.ID{})
}

// drawPanel answers with the panel as it is now; without script with the conversation of the call, or the table.
func (h *Calls) drawPanel(c echo.Context, conversation domain.ID) error {
	if !web.IsFragment(c) {
		to := "/chats"
		if !conversation.IsZero() {
			to += "/" + conversation.String()
		}
		return web.Redirect(c, to)
	}
	live, err := h.calls.FindLive(c.Request().Context(), web.Operator(c))
	if err != nil {
		return err
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		if err := h.page.Views.CallAsked(w); err != nil {
			return err
		}
		return h.page.Views.CallPanel(w, web.Language(c), h.page.Presenter(c).CallPanel(live))
	})
}
