package messenger

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/graph"
	"pult/providers/wire"
)

// dialogURL is where people sign in; a channel with its own address of the Graph API signs in there.
const dialogURL = "https://www.facebook.com"

// login is signing in at Facebook and choosing pages.
type login struct{ client *http.Client }

// Login makes the sign-in; client is that of Config.
func Login(client *http.Client) carrier.Login { return login{client} }

func (login) Label() string { return "provider.messenger.login" }

// Permissions are those that every operation of a channel needs.
func (login) Permissions() []carrier.Permission {
	return []carrier.Permission{
		{Name: "pages_show_list", Words: "provider.messenger.permission.list"},
		{Name: "pages_messaging", Words: "provider.messenger.permission.messaging"},
		{Name: "pages_manage_metadata", Words: "provider.messenger.permission.metadata"},
		{Name: "pages_read_engagement", Words: "provider.messenger.permission.engagement"},
		// Pages that belong to a business are not listed without it, and nobody says why.
		{Name: "business_management", Words: "provider.messenger.permission.business", Optional: true},
	}
}

func (login) RequiredFields() []string { return []string{"app_id", "app_secret"} }

func (login) FilledFields() []string { return []string{"page_id", "page_token"} }

// SignInURL is Facebook's dialog. It never holds the app's secret.
func (l login) SignInURL(s carrier.LoginStep) (string, error) {
	api, err := l.newAPI(s)
	if err != nil {
		return "", err
	}
	dialog := dialogURL
	if own := s.Channel.Settings["base_url"]; own != "" {
		dialog = strings.TrimRight(own, "/")
	}
	sum := sha256.Sum256([]byte(s.Verifier))
	query := url.Values{
		"client_id":             {s.Channel.Settings["app_id"]},
		"redirect_uri":          {s.Redirect},
		"state":                 {s.State},
		"response_type":         {"code"},
		"scope":                 {l.permissionScope()},
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(sum[:])},
		"code_challenge_method": {"S256"},
	}
	if s.Again {
		query.Set("auth_type", "rerequest") // otherwise a permission that was refused once is never asked for again
	}
	return dialog + "/" + api.Version() + "/dialog/oauth?" + query.Encode(), nil
}

func (l login) permissionScope() string {
	var names []string
	for _, p := range l.Permissions() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ",")
}

// newAPI is the Graph API of this channel, asked without a token.
func (l login) newAPI(s carrier.LoginStep, secrets ...domain.Secret) (*graph.API, error) {
	api, faults := graph.New(graph.Config{
		BaseURL:    s.Channel.Settings["base_url"],
		Version:    s.Channel.Settings["version"],
		BadVersion: badVersion,
		HTTPClient: l.client,
		Secrets:    secrets,
		Classify:   classifyFault,
	})
	return api, faults.Err()
}

// Finish trades the code for the person's token, makes that a long-lived one, and lists the pages with theirs. Page
// tokens from a short-lived token would die within hours.
func (l login) Finish(ctx context.Context, s carrier.LoginStep, code string) (carrier.LoginResult, error) {
	appID, secret := s.Channel.Settings["app_id"], s.Channel.Secrets["app_secret"]
	api, err := l.newAPI(s, secret, domain.Secret(code), domain.Secret(s.Verifier))
	if err != nil {
		return carrier.LoginResult{}, err
	}
	app := url.Values{"client_id": {appID}, "client_secret": {secret.Reveal()}}
	short, err := accessToken(
		ctx,
		api,
		setPairs(app, "redirect_uri", s.Redirect, "code", code, "code_verifier", s.Verifier),
	)
	if err != nil {
		return carrier.LoginResult{}, explainOtherApp(err)
	}
	long, err := accessToken(
		ctx,
		api,
		setPairs(app, "grant_type", "fb_exchange_token", "fb_exchange_token", short.Reveal()),
	)
	if err != nil {
		return carrier.LoginResult{}, err
	}
	api = api.WithSecrets(short, long)
	granted, err := inspectToken(ctx, api, appID, secret, long)
	if err != nil {
		return carrier.LoginResult{}, err
	}
	out := carrier.LoginResult{Missing: l.missingPermissions(granted.Scopes)}
	out.Accounts, err = listPages(ctx, api.WithToken(long).WithProof(secret))
	return out, err
}

func setPairs(v url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for name, values := range v {
		out[name] = values
	}
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

func accessToken(ctx context.Context, api *graph.API, query url.Values) (domain.Secret, error) {
	var answer struct {
		Token text `json:"access_token"`
	}
	err := api.Get(ctx, query, &answer, "oauth", "access_token")
	if err == nil && answer.Token == "" {
		err = wire.TransportError(errors.New("sign-in: answer without token"), false)
	}
	return domain.Secret(answer.Token), err
}

// missingPermissions are the permissions that were not granted.
func (l login) missingPermissions(granted []text) []string {
	has := map[text]bool{}
	for _, g := range granted {
		has[g] = true
	}
	var out []string
	for _, p := range l.Permissions() {
		if !has[text(p.Name)] {
			out = append(out, p.Name)
		}
	}
	return out
}

// tasks are what a person must be allowed to do on a page: answer, and subscribe it.
var tasks = []text{"MESSAGING", "MODERATE"}

// grantedPage is a page that a person chose, with its token.
type grantedPage struct {
	ID    text   `json:"id"`
	Name  text   `json:"name"`
	Token text   `json:"access_token"`
	Tasks []text `json:"tasks"`
}

// listPages lists the pages that the person chose whose token asks the API.
func listPages(ctx context.Context, person *graph.API) ([]carrier.LoginAccount, error) {
	var list []carrier.LoginAccount
	query := url.Values{"fields": {"id,name,access_token,tasks"}, "limit": {"100"}}
	for p, err := range graph.List[grantedPage](ctx, person, query, "me", "accounts") {
		if err != nil {
			return nil, err
		}
		list = append(list, carrier.LoginAccount{
			ID:      string(p.ID),
			Name:    string(p.Name),
			Token:   domain.Secret(p.Token),
			Missing: missingTasks(p.Tasks),
		})
	}
	return list, nil
}

// missingTasks are the tasks that the person does not have on a page. Where the vendor tells none, they are tried.
func missingTasks(has []text) []string {
	if len(has) == 0 {
		return nil
	}
	var out []string
	for _, t := range tasks {
		found := false
		for _, h := range has {
			found = found || h == t
		}
		if !found {
			out = append(out, string(t))
		}
	}
	return out
}
