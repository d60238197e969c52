package views

import (
	"io"
	"time"

	"pult/domain"
)

func sampleHead(status domain.Status) HeadView {
	h := HeadView{
		ID:           sampleConversation,
		Number:       1048,
		ContactID:    sampleContact,
		Name:         "Hôtel Bellevue",
		Address:      "+33612345678",
		Channel:      "WhatsApp Ventes",
		Kind:         domain.WhatsApp,
		Status:       status,
		Assignee:     domain.ID{2},
		AssigneeName: "Laure Petit",
		WaitingSince: sampleNow.Add(-4 * time.Minute),
		Waiting:      4 * time.Minute,
		Operators: []OperatorChoice{{
			ID:       domain.ID{2},
			Name:     "Laure Petit",
			Presence: domain.Online,
			Current:  true,
		}, {
			ID:       domain.ID{3},
			Name:     "Martin Kučera",
			Presence: domain.Away,
		}},
	}
	for _, s := range domain.ConversationStatuses {
		h.Statuses = append(h.Statuses, StatusChoice{Status: s, Current: s == status, Allowed: status.CanBecome(s)})
	}
	return h
}

func sampleComposer() ComposerView {
	return ComposerView{
		ConversationID: sampleConversation,
		MessageID:      domain.ID{1, 9},
		Window:         WindowView{State: "open", Until: sampleNow.Add(5 * time.Hour), Now: sampleNow, Left: 5 * time.Hour},
		Text:           "Dear Madam",
		Quote:          &QuoteView{ID: sampleOther, Author: "Sophie Lambert", Kind: domain.KindImage},
		DraftSaved:     true,
		Files: []UploadView{{
			ID:             sampleFile,
			ConversationID: sampleConversation,
			Name:           "Plan A.png",
			Size:           1200,
			Image:          true,
		}, {
			ID:             domain.ID{1, 10},
			ConversationID: sampleConversation,
			Name:           "B c.pdf",
		}},
		MaxLength:  4096,
		MaxCaption: 1024,
		MaxFiles:   10,
		Rules:      []FileRuleView{{MIME: []string{"image/png", "image/jpeg"}, Max: 5 << 20, Size: "5 MB"}},
		Templates:  true,
		EnterSends: true,
		Author:     "Laure Petit",
	}
}

func sampleRequests() RequestsView {
	return RequestsView{
		ConversationID: sampleConversation, Text: "Order", Status: domain.StatusOpen, Statuses: domain.RequestStatuses,
		List: RequestListView{Selected: sampleRequest, Requests: []RequestRow{
			{
				ConversationID: sampleConversation,
				ID:             sampleRequest.ID,
				Code:           sampleRequest.Code,
				Title:          "Lost order",
				Status:         domain.StatusOpen,
				Priority:       domain.Urgent,
				Messages:       2,
				Assignee:       "L. Petit",
				Due:            sampleNow,
				Late:           true,
				Selected:       true,
			},
			{
				ConversationID: sampleConversation,
				ID:             domain.ID{1, 11},
				Code:           "P-1987",
				Title:          "Invoice of October",
				Status:         domain.StatusResolved,
				Priority:       domain.Normal,
				Messages:       1,
			},
		}},
	}
}

func sampleForm() RequestFormView {
	return RequestFormView{
		ConversationID: sampleConversation,
		MessageID:      sampleMessage,
		Company:        "Hôtel Bellevue",
		Contact:        "Sophie Lambert",
		Description:    "We need it today",
		FromMessage:    true,
		Templates:      []domain.RequestTemplate{{ID: domain.ID{4}, Name: "Order form"}},
		TemplateID:     domain.ID{4},
		Status:         domain.StatusNew,
		Statuses:       domain.RequestStatuses,
		Priority:       domain.High,
		Priorities:     domain.Priorities,
		Due:            "2026-11-23",
		Tags:           "order, Hotel",
		Operators:      []OperatorChoice{{ID: domain.ID{2}, Name: "Laure Petit", Current: true}},
		Focus:          true,
	}
}

func sampleFaults() RequestFormView {
	f := sampleForm()
	f.RequestID = sampleRequest.ID
	for field, label := range map[string]string{"title": "request.name"} {
		f.Errors = append(f.Errors, FieldError{Field: field, Label: label, Sentence: "It is needed."})
	}
	for _, field := range []string{"description", "status", "priority", "due", "tags"} {
		f.Errors = append(f.Errors, FieldError{Field: field, Label: "request." + field, Sentence: "It is wrong."})
	}
	return f
}

func sampleDetail() SideView {
	f := sampleForm()
	f.RequestID, f.MessageID = sampleRequest.ID, domain.ID{}
	return SideView{ConversationID: sampleConversation, Form: f, Request: &RequestDetail{
		ID:        sampleRequest.ID,
		Code:      sampleRequest.Code,
		Status:    domain.StatusOpen,
		Messages:  2,
		CreatedAt: sampleNow,
		CreatedBy: "Laure Petit",
	}}
}

func samplePage(lang string) ConversationPage {
	return ConversationPage{
		Shell: sampleShell(lang), ID: sampleConversation, Pane: "messages", Head: sampleHead(domain.StatusOpen), Requests: sampleRequests(),
		Thread:   ThreadView{ConversationID: sampleConversation, Older: "abc", Lines: sampleLines(), Selected: sampleRequest.ID},
		Composer: sampleComposer(), Side: sampleDetail(), At: sampleMessage, Emoji: "emoji/en.json",
		Viewers: ViewersView{Viewers: []ViewerView{{
			ID:   domain.ID{3},
			Name: "Martin Kučera",
		}, {
			ID:     domain.ID{4},
			Name:   "Eva Nová",
			Typing: true,
		}, {
			ID:       domain.ID{5},
			Name:     "Zoe Customer",
			Typing:   true,
			Customer: true,
		}}},
	}
}

func init() {
	addSample("conversation", func(v *Views, w io.Writer, lang string) error { return v.ConversationPage(w, samplePage(lang)) })
	addSample("conversation empty", func(v *Views, w io.Writer, lang string) error {
		p := ConversationPage{Shell: sampleShell(lang), ID: sampleConversation, Pane: "requests", Emoji: "emoji/en.json"}
		p.Head = HeadView{ID: sampleConversation, Name: "Jana Dvořáková", Kind: domain.Email, Status: domain.StatusClosed}
		p.Thread.Empty, p.Requests.List.Filtered = true, true
		p.Composer = ComposerView{
			Window:    WindowView{State: "closed", Now: sampleNow},
			Templates: true,
			Error:     "It is too long.",
			NoFiles:   "There is no public address.",
			Segments:  true,
		}
		p.Side.Form = sampleForm()
		return v.ConversationPage(w, p)
	})
	for _, part := range []string{"dialog", "page", "list", "rows", "done"} {
		addSample("conversation assign "+part, func(v *Views, w io.Writer, lang string) error {
			return v.Assign(w, AssignView{
				Shell: sampleShell(lang), ConversationID: sampleConversation, Text: "Petit", More: "/chats/x/assign?after=abc",
				Operators: sampleHead(domain.StatusOpen).Operators, Part: part,
			})
		})
	}
	addSample("conversation assign page, nobody found", func(v *Views, w io.Writer, lang string) error {
		return v.Assign(w, AssignView{Shell: sampleShell(lang), ConversationID: sampleConversation, Part: "page"})
	})
	addSample("conversation head of many operators", func(v *Views, w io.Writer, lang string) error {
		h := sampleHead(domain.StatusOpen)
		h.Others = 188
		return v.Head(w, lang, h)
	})
	addSample("request form of many operators", func(v *Views, w io.Writer, lang string) error {
		f := sampleForm()
		f.OtherOperators = 150
		return v.RequestForm(w, lang, f)
	})
	addSample("request operators", func(v *Views, w io.Writer, lang string) error {
		return v.OperatorOptions(w, lang, sampleForm().Operators)
	})
	addSample("conversation of calls", func(v *Views, w io.Writer, lang string) error {
		p := samplePage(lang)
		p.Calls, p.Head.Phone = true, "+33612345678"
		return v.ConversationPage(w, p)
	})
	for _, s := range []domain.Status{domain.StatusNew, domain.StatusResolved, domain.StatusClosed, domain.StatusOnHold, domain.StatusEscalated, domain.StatusPending, domain.StatusSpam} {
		addSample("conversation head "+string(s), func(v *Views, w io.Writer, lang string) error { return v.Head(w, lang, sampleHead(s)) })
	}
	addSample(
		"conversation viewers",
		func(v *Views, w io.Writer, lang string) error { return v.Viewers(w, lang, samplePage(lang).Viewers) },
	)
	addSample("composer error", func(v *Views, w io.Writer, lang string) error { return v.ComposerError(w, lang, "It is too long.") })
	addSample("composer window", func(v *Views, w io.Writer, lang string) error { return v.Window(w, lang, sampleComposer().Window) })
	addSample("composer window personal", func(v *Views, w io.Writer, lang string) error {
		return v.Window(w, lang, WindowView{
			State:    "personal",
			Until:    sampleNow,
			Personal: sampleNow.Add(48 * time.Hour),
			Patient:  true,
			Now:      sampleNow,
			Left:     48 * time.Hour,
		})
	})
	addSample("composer upload", func(v *Views, w io.Writer, lang string) error { return v.Upload(w, lang, sampleComposer().Files[0]) })
	addSample("requests", func(v *Views, w io.Writer, lang string) error { return v.Requests(w, lang, sampleRequests().List) })
	addSample("requests, next page", func(v *Views, w io.Writer, lang string) error {
		l := sampleRequests().List
		l.Before, l.ConversationID, l.Shown, l.Count, l.Uncounted = domain.ID{1, 12}, sampleConversation, 62, 200, true
		l.Requests[0].First = true
		l.Next = true
		return v.Requests(w, lang, l)
	})
	addSample("requests changed", func(v *Views, w io.Writer, lang string) error {
		return v.RequestsChanged(w, lang, RequestListView{})
	})
	addSample("requests stale", func(v *Views, w io.Writer, lang string) error { return v.RequestsStale(w, lang, 7) })
	addSample("request side", func(v *Views, w io.Writer, lang string) error { return v.Side(w, lang, sampleDetail()) })
	addSample("request form", func(v *Views, w io.Writer, lang string) error { return v.RequestForm(w, lang, sampleForm()) })
	addSample("request form with faults", func(v *Views, w io.Writer, lang string) error { return v.RequestForm(w, lang, sampleFaults()) })
	addSample("request suggestions", func(v *Views, w io.Writer, lang string) error {
		return v.Suggestions(w, lang, []string{"Hôtel Bellevue"})
	})
}
