package views

import "pult/domain"

// Tone is the colour of a status in a conversation and in its requests.
func Tone(s domain.Status) string {
	switch s {
	case domain.StatusNew, domain.StatusOpen:
		return "brand"
	case domain.StatusPending, domain.StatusSnoozed:
		return "blue"
	case domain.StatusOnHold:
		return "amber"
	case domain.StatusEscalated:
		return "violet"
	case domain.StatusResolved:
		return "green"
	}
	return ""
}

// StatusTone is the colour of a status in the table of conversations: blue asks for a first look, the brand's for work
// in hand, green for done, grey for whatever rests.
func StatusTone(s domain.Status) string {
	switch s {
	case domain.StatusNew:
		return "blue"
	case domain.StatusOpen:
		return "brand"
	case domain.StatusEscalated:
		return "amber"
	case domain.StatusResolved:
		return "green"
	case domain.StatusSpam:
		return "red"
	}
	return ""
}
