package demo

import (
	"time"

	"pult/domain"
)

// elsewhere are the conversations of the last day on the shop's other channels.
var elsewhere = []talk{
	{at: twilioShop, with: czech("Radek Kolář", "+420602111231"), ends: 8 * time.Minute, tags: []string{"doručení"}, said: []line{
		them("Dobrý den, kurýr mi volal, ale nestihl jsem to vzít. Zkusí to ještě dnes?"),
		us(alena, "Dobrý den, pane Koláři, ano. Ozve se znovu mezi 16. a 18. hodinou."),
		them("Výborně. Může ho nechat u sousedky, byt 14.").after(6 * time.Minute),
		us(alena, "Předala jsem mu to. Sousedka je paní Šimková?"),
		them("Ano, přesně ta."),
		them("A může vzít rovnou i tu krabici na vrácení?").with(dentedParcel).after(3 * time.Minute),
	}},
	{at: twilioShop, with: french("Antoine Roche", "+33612345631"), ends: 3 * time.Hour, assignee: laure, said: []line{
		them("Bonjour, le livreur est passé à la mauvaise adresse."),
		us(laure, "Bonjour Monsieur Roche, nous en sommes désolés. Où êtes-vous aujourd’hui ?"),
		them("").where("Boulangerie Roche", "8 rue des Carmes, Lyon", 45.7676, 4.8344).after(5 * time.Minute),
		us(laure, "Merci, la tournée de l’après-midi passera chez vous entre 14 h et 15 h."),
		them("Parfait, merci."),
		us(laure, "Voici le bon de livraison.").with(pdf("bon-de-livraison-11902.pdf")),
	}},
	{at: smsShop, with: czech("", "+420602111232"), ends: 19 * time.Minute, said: []line{
		them("Dobry den, mate dnes otevreno? Jan Kriz, obj. 11899"),
	}},
	{at: smsShop, with: czech("", "+420602111233"), ends: 95 * time.Minute, assignee: tom, quiet: true, said: []line{
		us(tom, "Dobry den, oprava mlynku P-1177 je hotova, vyzvednout muzete do 18:00. Pult, Dlouha 12"),
		them("Dekuji, stavim se v patek. Jde platit kartou?").after(20 * time.Minute),
		us(tom, "Ano, kartou i v hotovosti. Budeme se tesit."),
		them("Ok"),
	}},
	{at: smsShop, with: french("", "+33612345632"), ends: 26 * time.Hour, status: domain.StatusResolved, assignee: laure, said: []line{
		us(laure, "Bonjour, votre machine est prete. Retrait jusqu'a 19 h. Pult"),
		them("Merci je passe demain matin").after(time.Hour),
		us(laure, "Tres bien, a demain !"),
	}},
	{at: labShop, with: person{name: "Tereza Urbanová", phone: "+420602111234", company: "Bistro Kolonáda", language: domain.Czech}, ends: 27 * time.Minute,
		tags: []string{"velkoobchod"}, assignee: martin, said: []line{
			them("Dobrý den, chceme od ledna brát kávu pravidelně, asi 8 kg měsíčně."),
			us(martin, "Dobrý den, paní Urbanová, to nás těší. Na espresso, nebo i na filtr?"),
			them("Obojí, ale hlavně espresso. Můžete poslat ceník?").becomes(ask{title: "Pravidelný odběr 8 kg měsíčně pro Bistro Kolonáda", template: order,
				description: "Od ledna asi 8 kg měsíčně, hlavně espresso, trochu na filtr. Poslat velkoobchodní ceník.", status: domain.StatusOpen,
				priority: domain.Normal, due: 4, tags: []string{"velkoobchod"}, assignee: martin}),
			us(martin, "Ceník posílám, od 5 kg je sleva 12 %.").with(pdf("cenik-velkoobchod-2026.pdf")).under(1),
			them("Děkuji. A dáváte k tomu i mlýnek do zápůjčky?").after(18 * time.Minute),
		}},
	{at: labShop, with: person{name: "Olivier Blanc", phone: "+33612345633", language: domain.French}, ends: 6 * time.Hour, status: domain.StatusPending, said: []line{
		them("Bonjour, faites-vous des tasses avec le logo du client ?"),
		them("Quelque chose comme celle-ci, mais en bleu.").with(crackedPlate),
		us(laure, "Bonjour, oui, à partir de 50 pièces. Pouvez-vous m’envoyer le logo en PDF ?"),
		them("").with(pdf("logo-blanc.pdf")).after(11 * time.Minute),
		us(laure, "Bien reçu, je vous prépare un devis pour vendredi.").only(domain.StateDelivered),
	}},
	{at: labShop, with: person{name: "James Whitfield", phone: "+447700900634", language: domain.English}, ends: 21 * time.Hour, said: []line{
		them("Hi, do you ship espresso cups to London?"),
		us(tom, "Hello, we do. Six working days, tracked, 14 euros up to five kilos."),
		them("").with(voiceNote).after(7 * time.Minute),
		us(tom, "Yes, gift wrapping is free. Shall I reserve a set of six?"),
		them("Please do. Thank you!"),
		us(tom, "Reserved until Friday under your name."),
	}},
	{at: pageShop, with: person{name: "Kateřina Holubová", language: domain.Czech}, ends: 14 * time.Minute, said: []line{
		them("Ahoj, viděla jsem u vás ten modrý hrnek s kočkou, je ještě?"),
		us(alena, "Dobrý den, paní Holubová, poslední tři kusy jsou na prodejně. Mám vám jeden schovat?").reacted("❤️"),
		them("").with(cupSticker),
		them("Prosím dva! Přijdu zítra kolem páté.").after(time.Minute),
	}},
	{at: pageShop, with: person{name: "Nicolas Bertrand", language: domain.French}, ends: 4 * time.Hour, assignee: laure, said: []line{
		them("Bonjour, l’atelier de latte art du samedi est-il complet ?"),
		us(laure, "Bonjour, il reste deux places à 10 h. Souhaitez-vous que je vous inscrive ?"),
		them("Oui, pour deux personnes s’il vous plaît."),
		us(laure, "C’est noté, à samedi !").reacted("👍"),
	}},
	{at: pageShop, with: person{name: "Lenka Součková", language: domain.Czech}, ends: 30 * time.Hour, status: domain.StatusResolved, assignee: alena, said: []line{
		them("Dobrý den, takhle mi přišel balíček 😞"),
		them("").with(dentedParcel),
		us(alena, "Dobrý den, to nás mrzí. Hrnky vám pošleme znovu, nic neplatíte."),
		them("Díky za rychlost!").reacted("👍"),
	}},
}
