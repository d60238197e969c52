package handlers

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// calls is the telephone: the panel above every page, the way to call, and calls written down by hand.
type calls struct {
	desk *desk.Desk
	page *pages
	zone *time.Location
	now  func() time.Time
}

func (h *calls) routes(g *echo.Group) {
	g.GET("/calls/new", h.form)
	g.POST("/calls", h.start)
	g.POST("/calls/log", h.log)
	g.POST("/calls/:id/hangup", h.hangup)
	g.POST("/calls/:id/hold", h.hold)
	g.POST("/calls/:id/note", h.note)
	g.POST("/calls/:id/dismiss", h.dismiss)
}

// form is what has to be said before a call, and the way to write one down.
func (h *calls) form(c echo.Context) error {
	p, err := h.asked(c)
	if err != nil {
		return err
	}
	p.Log.Open = c.QueryParam("log") != ""
	return h.draw(c, http.StatusOK, p)
}

// asked fills the form with what is known: the contact in the request, the reader's lines and telephone.
func (h *calls) asked(c echo.Context) (views.CallPage, error) {
	ctx, o := c.Request().Context(), who(c)
	contact, err := h.desk.Contact(ctx, o, formID(c.FormValue("contact")))
	if err != nil {
		return views.CallPage{}, err
	}
	lines, err := h.desk.CallLines(ctx, o)
	p := views.CallPage{
		ContactID: contact.ID, ConversationID: formID(c.FormValue("conversation")), Contact: contact.Title(), Phone: c.FormValue("phone"), KnowsPhone: o.Phone != "",
		Log: views.CallLogView{Incoming: c.FormValue("direction") == "in", At: c.FormValue("at"), Minutes: c.FormValue("minutes"), Note: c.FormValue("note")},
	}
	for _, i := range contact.Identities {
		if i.Kind == domain.PhoneIdentity {
			p.Numbers = append(p.Numbers, i.Value)
		}
	}
	for _, l := range lines {
		p.Lines = append(p.Lines, views.CallLine{ID: l.ID, Name: l.Name, Number: l.Account})
	}
	for _, outcome := range domain.CallOutcomes {
		p.Log.Outcomes = append(p.Log.Outcomes, views.Choice{Value: string(outcome), Words: words(c).T("call.outcome." + string(outcome)), Chosen: c.FormValue("outcome") == string(outcome)})
	}
	return p, err
}

func (h *calls) draw(c echo.Context, status int, p views.CallPage) error {
	p.Shell.Lang, p.Standalone = lang(c), !isFragment(c)
	if p.Standalone {
		p.Shell = h.page.shell(c, "call.call", "chats")
	}
	return h.page.html(c, status, func(w io.Writer) error { return h.page.views.CallPage(w, p) })
}

// start calls at once when nothing has to be asked; otherwise it answers with the form.
func (h *calls) start(c echo.Context) error {
	ctx, o := c.Request().Context(), who(c)
	p, err := h.asked(c)
	if err != nil {
		return err
	}
	call := desk.StartCall{ContactID: p.ContactID, ChannelID: formID(c.FormValue("channel")), Number: c.FormValue("number"), From: p.ConversationID, Language: domain.Language(lang(c))}
	if call.ChannelID.IsZero() && len(p.Lines) == 1 {
		call.ChannelID = p.Lines[0].ID
	}
	if call.Number == "" && len(p.Numbers) == 1 {
		call.Number = p.Numbers[0]
	}
	if typed := strings.TrimSpace(p.Phone); typed != "" {
		if err := h.desk.SavePhone(ctx, o, orTyped(e164(typed, regions[lang(c)]), typed)); err != nil {
			return h.again(c, p, err)
		}
		p.KnowsPhone = true
	}
	if call.ChannelID.IsZero() || call.Number == "" || !p.KnowsPhone {
		return h.draw(c, http.StatusOK, p)
	}
	m, err := h.desk.StartCall(ctx, o, call)
	if err != nil {
		return h.again(c, p, err)
	}
	return h.panel(c, m.ConversationID)
}

// orTyped keeps what cannot be read as it was typed, to be refused and corrected.
func orTyped(number, typed string) string {
	if number == "" {
		return typed
	}
	return number
}

// again answers with the form and its faults, or with the error when it is about no field.
func (h *calls) again(c echo.Context, p views.CallPage, err error) error {
	if p.Fields = fields(c, err); p.Fields == nil {
		return err
	}
	if p.Fields["phone"] != "" {
		p.KnowsPhone = false
	}
	return h.draw(c, http.StatusUnprocessableEntity, p)
}

// log writes a call down and leads back to where it stands now.
func (h *calls) log(c echo.Context) error {
	p, err := h.asked(c)
	if err != nil {
		return err
	}
	p.Log.Open = true
	l := desk.LogCall{ConversationID: p.ConversationID, Incoming: p.Log.Incoming, Outcome: domain.CallState(c.FormValue("outcome")), Note: p.Log.Note}
	if l.Duration, l.At, p.Fields = h.when(c, p.Log); p.Fields != nil {
		return h.draw(c, http.StatusUnprocessableEntity, p)
	}
	m, err := h.desk.LogCall(c.Request().Context(), who(c), l)
	if err != nil {
		return h.again(c, p, err)
	}
	if !isFragment(c) {
		return redirect(c, "/chats/"+m.ConversationID.String())
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error {
		if err := h.page.views.CallAsked(w); err != nil {
			return err
		}
		return h.page.views.Toast(w, lang(c), views.Toast{Text: words(c).T("call.log_done")})
	})
}

// when reads how long a call lasted and when it began; faults by field.
func (h *calls) when(c echo.Context, l views.CallLogView) (lasted time.Duration, at time.Time, faults map[string]string) {
	faults = map[string]string{}
	if text := strings.TrimSpace(l.Minutes); text != "" {
		minutes, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
		if err != nil || !(minutes >= 0 && minutes <= 24*60) {
			faults["minutes"] = words(c).T("error.field.call_duration")
		}
		lasted = time.Duration(minutes * float64(time.Minute)).Round(time.Second)
	}
	if l.At != "" {
		var err error
		if at, err = time.ParseInLocation("2006-01-02T15:04", l.At, h.zone); err != nil {
			faults["at"] = words(c).T("error.field.call_future")
		}
	}
	if len(faults) == 0 {
		return lasted, at, nil
	}
	return 0, at, faults
}

func (h *calls) hangup(c echo.Context) error { return h.then(c, h.desk.Hangup) }

func (h *calls) dismiss(c echo.Context) error { return h.then(c, h.desk.DismissCall) }

func (h *calls) hold(c echo.Context) error {
	return h.then(c, func(ctx context.Context, o *domain.Operator, id domain.ID) error {
		return h.desk.Hold(ctx, o, id, c.FormValue("on") != "")
	})
}

func (h *calls) note(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := h.desk.NoteOnCall(c.Request().Context(), who(c), id, c.FormValue("note")); err != nil {
		return err
	}
	if !isFragment(c) {
		return redirect(c, "/messages/"+id.String())
	}
	return h.page.toast(c, "call.note_saved")
}

// then acts on the call in the path and answers with the panel.
func (h *calls) then(c echo.Context, act func(context.Context, *domain.Operator, domain.ID) error) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := act(c.Request().Context(), who(c), id); err != nil {
		return err
	}
	return h.panel(c, domain.ID{})
}

// panel answers with the panel as it is now; without script with the conversation of the call, or the table.
func (h *calls) panel(c echo.Context, conversation domain.ID) error {
	if !isFragment(c) {
		to := "/chats"
		if !conversation.IsZero() {
			to += "/" + conversation.String()
		}
		return redirect(c, to)
	}
	live, err := h.desk.LiveCall(c.Request().Context(), who(c))
	if err != nil {
		return err
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error {
		if err := h.page.views.CallAsked(w); err != nil {
			return err
		}
		return h.page.views.CallPanel(w, lang(c), present(c, h.zone, h.now()).callPanel(live))
	})
}

// callPanel is the panel of a call; nil when there is none.
func (p presenter) callPanel(live *desk.LiveCall) *views.CallPanel {
	if live == nil {
		return nil
	}
	v := &views.CallPanel{
		ID: live.ID, ConversationID: live.ConversationID, Name: live.Name, Number: live.Call.Number, Channel: live.Channel, State: live.Call.State,
		Incoming: live.Direction == domain.Incoming, Own: live.Own, Held: live.Call.Held, AnsweredAt: live.Call.AnsweredAt, Now: p.now,
		Duration: live.Call.Duration, Failure: p.callFailure(live.Message), Note: live.Text,
	}
	v.CanHold = v.Own && v.State == domain.CallAnswered && live.Call.Leg(domain.OurSide) != "" && live.Call.Leg(domain.TheirSide) != ""
	return v
}

// callFailure is the sentence for a call that could not be set up; "" for all others.
func (p presenter) callFailure(m domain.Message) string {
	if m.Call.State != domain.CallFailed || m.Failure == nil {
		return ""
	}
	return p.known(m.Failure.Key)
}
