package present

import (
	"strings"
	"time"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/views"
)

// ChatsFilter is the toolbar with what is chosen in it.
func ChatsFilter(o *domain.Operator, l ChatsList, sum chats.Summary, channels []*domain.Channel) views.ChatsFilter {
	return views.ChatsFilter{
		Text:     l.Text,
		Views:    ViewChoices(l.View, sum),
		Statuses: listStatusChoices(l.Status),
		Channels: listChannelChoices(l.Channel, channels),
		Query:    l.Encode(),
		MayStart: len(channels) > 0,
	}
}

// ViewChoices are the views of the table with how many conversations each has.
func ViewChoices(chosen string, sum chats.Summary) []views.ViewChoice {
	return []views.ViewChoice{
		{Value: "all", Label: "chats.view.all", On: chosen == "all"},
		{Value: "mine", Label: "chats.view.mine", On: chosen == "mine", Count: sum.Mine, Counted: true},
		{
			Value:   "unassigned",
			Label:   "chats.view.unassigned",
			On:      chosen == "unassigned",
			Count:   sum.Unassigned,
			Counted: true,
		},
		{Value: "waiting", Label: "chats.view.waiting", On: chosen == "waiting", Count: sum.Waiting, Counted: true},
	}
}

func listStatusChoices(chosen domain.Status) []views.FilterChoice {
	out := []views.FilterChoice{{Label: "chats.status.any", On: chosen == ""}}
	for _, s := range append([]domain.Status{domain.StatusNew}, domain.ConversationStatuses...) {
		out = append(out, views.FilterChoice{Value: string(s), Label: "status." + string(s), On: s == chosen})
	}
	return out
}

// listChannelChoices lists the channels of a filter; nil when there is nothing to choose between.
func listChannelChoices(chosen domain.ID, channels []*domain.Channel) []views.FilterChoice {
	if len(channels) < 2 {
		return nil
	}
	out := []views.FilterChoice{{Label: "chats.channel.any", On: chosen.IsZero()}}
	for _, c := range channels {
		out = append(out, views.FilterChoice{Value: c.ID.String(), Text: c.Name, On: c.ID == chosen})
	}
	return out
}

// Summary is the day as its panel shows it.
func Summary(o *domain.Operator, s chats.Summary, now time.Time) views.SummaryView {
	v := views.SummaryView{
		Closed: o.Preferences.SummaryClosed, Led: s.LedToday, Waiting: s.Waiting, First: s.FirstResponse,
	}
	if first := strings.Fields(o.Name); len(first) > 0 {
		v.Name = first[0]
	}
	for i := range s.Longest {
		r := &s.Longest[i]
		w := views.WaitingView{
			ID:    r.ID,
			Name:  r.Name,
			Since: r.WaitingSince,
			For:   now.Sub(r.WaitingSince),
			Late:  isLateAnswer(&r.Conversation, now),
		}
		if r.Channel != nil {
			w.Kind = r.Channel.Kind
		}
		v.Longest = append(v.Longest, w)
	}
	return v
}

// Team shows the colleagues beside the table.
func Team(team chats.Team) views.TeamView {
	v := views.TeamView{Others: team.Others}
	for _, t := range team.Members {
		v.Members = append(v.Members, views.TeammateView{
			ID:       t.Operator.ID,
			Name:     t.Operator.Name,
			Presence: t.Operator.Presence,
			Open:     t.Open,
		})
	}
	return v
}
