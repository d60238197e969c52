package talks

import "pult/domain"

// Request is a request made from a line.
type Request struct {
	Title       string
	Template    string // name of its request template
	Description string
	Status      domain.Status
	Priority    domain.Priority // Normal when empty
	DueIn       int             // days from now; 0 = none
	Tags        []string
	Assignee    Operator
}

// Names of the request templates. Those of the French customers end in FR.
const (
	Complaint   = "Reklamace"
	Order       = "Objednávka"
	Question    = "Dotaz"
	ComplaintFR = "Réclamation"
	OrderFR     = "Commande"
	QuestionFR  = "Question"
)
