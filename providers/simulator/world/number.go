package world

// Number is a pretend business number. The secrets are those the desk's channel must be given.
type Number struct {
	ID          string // the vendor's id of it
	Account     string // the business's account at the vendor; numbers of one account share its templates
	Phone       string // E.164; "" when customers find the business by name
	Name        string
	Vendor      string // whose dialect is spoken: a key of the simulator's list
	AppSecret   string // what webhooks are signed with
	AccessToken string // what callers show
	Hook        string // the desk's webhook address; "" = nobody listens yet
}
