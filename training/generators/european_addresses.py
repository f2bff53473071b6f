"""European addresses: the table of shapes, streets and cities.

What a line and a mark mean stands in countries.py.
"""

from training.generators.countries import read_table

EUROPE = read_table(r"""
DE Germany
h $s $n ; $s $n ; $s $n$l ; $s $n-%# ; $s $n, $u. OG ; $s $n, Hinterhaus ; $s %#/%#
t $h, $p $c ; $h, $p $c ; $h, D-$p $c ; $h $p $c ; $h in $p $c
s Hauptstraße ; Bahnhofstr. ; Gartenweg ; Lindenallee ; Schillerstraße ; Am Markt ; Kirchgasse ; Rosenweg ; Mühlenweg ; Bergstr. ; Alte Poststraße ; $r-Straße ; $rstr. ; $rweg ; An der Ziegelei ; Unter den Eichen ; Zum Sportplatz ; Ringgasse
c Berlin ; München ; Hamburg ; Köln ; Leipzig ; Freiburg ; Bonn ; Dresden ; Nürnberg ; Mainz ; Frankfurt am Main ; Münster ; Göttingen
p #{5}

AT Austria
h $s $n ; $s $n/$u ; $s $n/%/$u ; $s $n, Top $u ; $s $n, Stiege %, Tür $u ; $s $n-%
t $h, $p $c ; $h, A-$p $c ; $p $c, $h
s Landstraße ; Grabenweg ; Praterstraße ; Salzachgasse ; Ringstraße ; $rgasse ; $rstraße ; Wiener Str. ; Am Anger ; Kirchenplatz
c Wien ; Graz ; Linz ; Salzburg ; Innsbruck ; Klagenfurt ; St. Pölten
p [1-9]#{3}

CH Switzerland
h $s $n ; $s $n$l ; $s $n, $u. Stock ; $n, $s
t $h, $p $c ; $h, CH-$p $c ; $h, $p $c $C
s Bahnhofstrasse ; Seestrasse ; Dorfstrasse ; Langgasse ; Via Cantonale ; Rue du Lac ; Chemin des Vignes ; $rstrasse ; Obere Halde ; Im Wiesengrund
c Zürich ; Genève ; Bern ; Basel ; Lugano ; Lausanne ; Winterthur ; Neuchâtel ; Chur
p [1-9]#{3}

LI Liechtenstein
h $s $n
s Landstrasse ; Feldkircher Str. ; Im Bretscha ; $rweg
c Vaduz ; Schaan ; Triesen
t $h, $p $c ; $h, FL-$p $c
p 94[89]#

FR France
h $n $s ; $n, $s ; $n bis $s ; $n ter $s ; $n $s, bât. $l ; $n $s, apt $u ; $n $s, %e étage ; Résidence $r, $n $s ; Bât. $l, %e étage, $n $s ; $n $s, esc. %, porte $u ; lieu-dit $r
t $h, $p $c ; $h, $p $c ; $h - $p $c ; $h $p $c ; $h, $p $c Cedex 0%
s rue de la République ; avenue Jean Moulin ; rue des Lilas ; boulevard Carnot ; impasse du Moulin ; rue du Faubourg $r ; place de l'Église ; chemin des Vignes ; quai des Chartreux ; allée des Tilleuls ; rue $r ; av. $r ; bd du Général Leclerc ; square des Peupliers
c Paris ; Lyon ; Marseille ; Toulouse ; Bordeaux ; Nantes ; Lille ; Strasbourg ; Rennes ; Saint-Étienne ; Nîmes ; Angers
p <75|69|13|31|33|44|59|67|35|42>#{3}

BE Belgium
h $s $n ; $s $n bus $u ; $s $n bte $u ; $n $s ; $s $n/$u ; $s $n b$u
t $h, $p $c ; $h, B-$p $c ; $h - $p $c
s Kerkstraat ; Rue Neuve ; Veldstraat ; Grote Markt ; Chaussée de Wavre ; Stationsstraat ; Avenue des Érables ; $rlaan ; Rue $r ; Steenweg op $r
c Brussel ; Antwerpen ; Gent ; Liège ; Leuven ; Namur ; Bruxelles ; Mechelen ; Ixelles
p [1-9]#{3}

LU Luxembourg
h $n, $s ; $n $s ; $n$l, $s
t $h, L-$p $c ; $h, $p $c
s rue de la Gare ; route d'Esch ; avenue de la Liberté ; rue $r ; op der Heed
c Luxembourg ; Esch-sur-Alzette ; Differdange
p [1-9]#{3}

NL Netherlands
h $s $n ; $s $n ; $s $n-$u ; $s $n$l ; $s $n-%hoog ; $s $n II ; $s $n bis ; $s $n huis
t $h, $p $c ; $h, $p, $c ; $h $p $c
s Kerkstraat ; Dorpsstraat ; Nieuwe Gracht ; Molenweg ; Stationsplein ; Julianalaan ; Oude Singel ; Schoolstraat ; $rstraat ; $rlaan ; 2e $rdwarsstraat ; Van ’t Hoffplein ; 't Zand
c Amsterdam ; Rotterdam ; Utrecht ; Den Haag ; Eindhoven ; Groningen ; Leiden ; 's-Hertogenbosch ; Nijmegen
p <[1-9]#{3} [A-Z]{2}|[1-9]#{3}[A-Z]{2}>

ES Spain
h $s $n ; $s, $n ; $s $n, %º $uª ; $s $n, %º $l ; $s, $n, %º izq. ; $s $n, esc. $l, %º $uª ; $s nº $n, bajo ; $s $n, piso %, puerta $u ; $s $n, ático %ª ; $s, $n - %º$l ; Urb. $r, casa $u ; $s s/n
t $h, $p $c ; $h, $p $c ; $h - $p $c ; $h $p $c
s Calle Mayor ; C/ Nueva ; Avenida de la Constitución ; Paseo del Río ; Calle del Sol ; Plaza España ; C/ San Juan ; Carrer de Dalt ; Ronda Norte ; Calle $r ; C/ $r ; Avda. $r ; Av. de $r ; Travesía del Olmo ; Camino Viejo
c Madrid ; Barcelona ; Sevilla ; Valencia ; Bilbao ; Málaga ; Zaragoza ; A Coruña ; Cádiz ; Palma
p <28|08|41|46|48|29|50>#{3}

PT Portugal
h $s $n ; $s, $n ; $s nº $n, %º Esq ; $s $n, %.º Dto ; $s, $n, %º $l ; $s $n - %º Frente ; $s, lote $u, r/c Dto ; $s n.º $n
t $h, $p $c ; $h, $p $c ; $h - $p $c
s Rua Augusta ; Avenida da Liberdade ; Rua do Carmo ; Travessa da Boavista ; Largo do Rato ; Rua $r ; R. de São $r ; Praceta das Flores ; Av. $r ; Estrada Nacional %##
c Lisboa ; Porto ; Braga ; Coimbra ; Faro ; Setúbal ; Évora
p [1-9]#{3}-#{3}

IT Italy
h $s $n ; $s, $n ; $s $n/$l ; $s $n, interno $u ; $s $n, scala $l, int. $u ; $s n. $n, piano % ; $s, $n bis ; $s $n, int $u
t $h, $p $c ; $h, $p $c ; $h - $p $c ; $h, $p $c (<MI|RM|TO|BO|FI|NA|PA|GE>)
s Via Roma ; Via Garibaldi ; Corso Vittorio Emanuele ; Piazza Dante ; Via dei Mille ; Viale Monza ; Via Mazzini ; Vicolo Stretto ; Via San Marco ; Via $r ; Viale $r ; Largo $r ; Strada Provinciale %# ; Contrada $r
c Milano ; Roma ; Torino ; Bologna ; Firenze ; Napoli ; Palermo ; Genova ; Forlì ; Cantù
p <20|00|10|40|50|80|90>#{3}

MT Malta
h $f$n, $s ; $n, $s ; Flat $u, $r Court, $s
t $h, $c $p ; $h, $c, $p
s Triq il-Kbira ; Triq San $r ; Republic Street ; Triq ix-Xatt ; Old Mill Street
c Sliema ; Valletta ; Birkirkara ; Mosta
p <SLM|VLT|BKR|MST> #{4}

IE Ireland
h $f$n $s ; $n $s ; $r House, $s ; Apt $u, $r Hall, $s ; $n $r Park ; $s, Bally$r
t $h, $c, $p ; $h, $c $u, $p ; $h, Co. $c, $p ; $h, $c $p
b $h, $c ; $h, $c $u ; $h, Co. $c
s O'Connell Street ; Main Street ; Patrick Street ; The Paddocks ; Shannon Drive ; Chapel Road ; $r Avenue ; $r Lawn ; Upper $r Street ; Cois Abhann
c Dublin ; Cork ; Galway ; Limerick ; Waterford ; Sligo ; Kildare
p <<D##|T12|H91|V94|A94|N37> [A-Z0-9]{4}|<D##|T12|H91>[A-Z0-9]{4}>

SE Sweden
h $s $n ; $s $n $l ; $s $n lgh %#{3} ; $s $n, % tr ; $s $n$l ; $s $n, bv
s Storgatan ; Drottninggatan ; Kungsgatan ; Skolvägen ; Björkvägen ; Ängsgatan ; $rsgatan ; $rvägen ; Norra Strandgränd
c Stockholm ; Göteborg ; Malmö ; Uppsala ; Lund ; Örebro ; Umeå
t $h, $p $c ; $h, SE-$p $c ; $h $p $c
p <[1-9]## ##|[1-9]#{4}>

NO Norway
h $s $n ; $s $n$l ; $s $n $l ; $s $n, H0%0% ; $s $n, %. etg
s Storgata ; Strandveien ; Kirkeveien ; Nedre Torggate ; $rs vei ; $rs gate ; Øvre Slottsgate ; Bakkehaugen ; Fjordgløttveien
c Oslo ; Bergen ; Trondheim ; Stavanger ; Tromsø ; Bodø
p [0-9]#{3}

DK Denmark
h $s $n ; $s $n, %. tv ; $s $n, %. th ; $s $n, st. mf ; $s $n $l ; $s $n, %. sal ; $s $n, kl.
t $h, $p $c ; $h, DK-$p $c ; $h $p $c <|K|N|Ø|V>
s Nørregade ; Strandvejen ; Algade ; Søndergade ; $rsgade ; $rsvej ; Åboulevarden ; Gl. Kongevej ; Møllebakken
c København ; Aarhus ; Odense ; Aalborg ; Helsingør ; Hillerød
p [1-9]#{3}

FI Finland
h $s $n ; $s $n $l $u ; $s $n $l ; $s $n as $u ; $s $n-%# $l $u
s Mannerheimintie ; Kauppakatu ; Koulukatu ; Asematie ; Rantatie ; $rinkatu ; $rintie ; Hämeentie ; Mäkikuja ; Itäinen Pitkäkatu
c Helsinki ; Tampere ; Turku ; Espoo ; Oulu ; Jyväskylä
t $h, $p $c ; $h, FI-$p $c ; $h $p $c
p #{4}0

IS Iceland
h $s $n ; $s $n$l ; $s $n, íb. %0%
s Laugavegur ; Hverfisgata ; Sólvallagata ; Strandgata ; $rsgata ; Þórsgata
c Reykjavík ; Akureyri ; Kópavogur ; Hafnarfjörður
p [1-9]##

PL Poland
h ul. $s $n/$u ; ul. $s $n ; $s $n m. $u ; $s $n/$u ; os. $e $n/$u ; os. $e $n m. $u ; al. $e $n/%## ; al. $e $n ; pl. $e $n ; ul. $s $n$l lok. $u ; $s $n, m. $u
t $h, $p $c ; $h, $p $c ; $h $p $c ; $p $c, $h
s Długa ; Polna ; Kwiatowa ; Mickiewicza ; Szkolna ; Piłsudskiego ; Żeromskiego ; Ogrodowa ; 3 Maja ; Księcia Józefa ; $rego ; Świętokrzyska ; gen. $r ; Wąska
e Słoneczne ; Tysiąclecia ; Przyjaźni ; Jana Pawła II ; Niepodległości ; Wojska Polskiego ; Zwycięstwa ; Zielone Wzgórza ; Kościuszki
c Warszawa ; Kraków ; Gdańsk ; Wrocław ; Łódź ; Poznań ; Białystok ; Rzeszów ; Bielsko-Biała
p ##-#{3}

CZ Czechia
h $s $n ; $s %###/$u ; $s $n/$u ; $s č.p. $n ; nám. $r $u
t $h, $p $c ; $h, $p $c $u ; $p $c, $h
s Dlouhá ; Masarykova ; Nádražní ; Husova ; Školní ; Lidická ; Na Výsluní ; U Hřiště ; tř. Míru ; Pod Lipami ; $rova
c Praha ; Brno ; Ostrava ; Plzeň ; Olomouc ; České Budějovice ; Ústí nad Labem
p <[1-7]## ##|[1-7]#{4}>

SK Slovakia
h $s $n ; $s %###/$u ; $s č. $n ; $s $n/$l
s Hlavná ; Štúrova ; Námestie slobody ; Mierová ; Záhradná ; Hviezdoslavova ; $rova ; Pod Kalváriou
c Bratislava ; Košice ; Žilina ; Nitra ; Banská Bystrica ; Prešov
t $h, $p $c ; $h, SK-$p $c ; $p $c, $h
p <[089]## ##|[089]#{4}>

HU Hungary
h $s $n. ; $s $n ; $s $n. %/$u. ; $s $n. %. em. $u. ; $s $n/$l ; $s $n. fsz. % ; $s $n, %. emelet $u
t $p $c, $h ; $p $c, $h ; $h, $p $c ; H-$p $c, $h
b $c, $h ; $h, $c
s Kossuth Lajos utca ; Petőfi u. ; Fő utca ; Rákóczi út ; Váci út ; Béke tér ; $r utca ; $r u. ; Árpád fejedelem útja ; Nyírfa köz ; Határ út
c Budapest ; Debrecen ; Szeged ; Pécs ; Győr ; Miskolc ; Székesfehérvár
p [1-9]#{3}

RO Romania
h Str. $s nr. $n ; Str. $s $n, bl. $l$u, sc. $l, ap. $u ; Bd. $s nr. $n, bl. %#, sc. %, et. %, ap. $u ; Str. $s, nr. $n, ap. $u ; Aleea $s $n ; Calea $s nr. $n ; B-dul $s $n, sc. $l, ap %# ; Șos. $s $n
t $h, $p $c ; $h, $c $p ; $h, $c, cod $p ; $h, Sector %, $c
b $h, $c ; $h, sector %, $c ; $h, $c, jud. $r
s Mihai Eminescu ; Libertății ; Unirii ; Florilor ; 1 Decembrie 1918 ; Ștefan cel Mare ; Trandafirilor ; Moților ; Gen. $r ; $r ; Lăcrămioarelor
c București ; Cluj-Napoca ; Iași ; Timișoara ; Brașov ; Constanța ; Târgu Mureș
p [0-9]#{5}

MD Moldova
h str. $s $n ; str. $s $n, ap. $u ; bd. $s $n/%, ap. $u
s Alexandru cel Bun ; Dacia ; Independenței ; Pușkin ; $r
c Chișinău ; Bălți ; Orhei
t $h, MD-$p $c ; $h, $c, MD-$p
p [2-7]#{3}

BG Bulgaria
h ul. $s $n ; ul. "$s" $n ; ул. $e $n ; бул. $e $n, ап. $u ; bul. $s $n, vh. $l, et. %, ap. $u ; zh.k. $r, bl. %##, vh. [A-D], et. %, ap. $u ; zh.k. $r $u, bl. $n, ap. $u ; ж.к. $e, бл. $n, вх. <А|Б|В>, ап. $u ; kv. $r, ul. $s $n
t $h, $p $c ; $p $c, $h ; $h, $c $p
s Vasil Levski ; Tsar Samuil ; Ivan Vazov ; Hristo Botev ; Rakovski ; Bulgaria ; Shipka ; $r
e Иван Вазов ; Христо Ботев ; Цар Симеон ; България ; Шипка ; Раковски
c Sofia ; Plovdiv ; Varna ; Burgas ; Ruse ; София ; Пловдив
p [1-9]#{3}

GR Greece
h Odos $s $n ; $s $n ; $s $n ; Leoforos $s %## ; Leof. $s $n, %os orofos ; $s $n & $s ; Οδός $e $n ; $e $n ; Λεωφ. $e $n ; Plateia $s %
t $h, $p $c ; $h, $c $p ; $h, T.K. $p $c
s Ermou ; Athinas ; Kifisias ; Venizelou ; Papandreou ; Solonos ; Agiou Dimitriou ; Ethnikis Antistaseos ; $rou ; Tsimiski ; Averof
e Ερμού ; Αθηνάς ; Σόλωνος ; Βενιζέλου ; Αγίου Δημητρίου ; Πατησίων
c Athina ; Thessaloniki ; Patra ; Heraklion ; Αθήνα ; Θεσσαλονίκη ; Marousi ; Piraeus ; Volos
p <[1-8]## ##|[1-8]#{4}>

CY Cyprus
h $n $s ; $s $n, Flat %0% ; $s $n ; $r Court, Office %0%, $n $s
s Makariou III Ave ; Ledras ; Grivas Digenis Avenue ; Agias Fylaxeos ; $r Street
c Nicosia ; Limassol ; Larnaca ; Paphos
t $h, $p $c ; $h, $c $p
p [1-8]#{3}

LT Lithuania
h $s g. $n ; $s g. $n-$u ; $s pr. $n ; $s al. $n-$u ; $s $n-$u ; $s gatvė $n
t $h, LT-$p $c ; $h, $c ; $h, $c, LT-$p ; $h, $p $c
s Gedimino ; Vilniaus ; Kęstučio ; Laisvės ; Žalgirio ; Pylimo ; Liepų ; Šv. Jono ; Savanorių ; Ąžuolų
c Vilnius ; Kaunas ; Klaipėda ; Šiauliai ; Panevėžys
p #{5}

LV Latvia
h $s iela $n ; $s iela $n-$u ; $s iela $n, dz. $u ; $s gatve $n ; $s bulvāris $n-$u ; $s prospekts $n
t $h, $c, LV-$p ; $h, LV-$p $c ; $h, $c LV $p
s Brīvības ; Kr. Valdemāra ; Elizabetes ; Skolas ; Dārza ; Lāčplēša ; Ģertrūdes ; Rīgas ; Ķieģeļu ; Meža
c Rīga ; Daugavpils ; Liepāja ; Jelgava ; Cēsis
p [1-5]#{3}

EE Estonia
h $s tn $n ; $s $n-$u ; $s tänav $n ; $s mnt $n ; $s tn $n-$u ; $s pst $n, krt $u ; $s $n
t $h, $p $c ; $h, $c $p ; $h, EE-$p $c
s Pikk ; Narva ; Pärnu ; Tartu ; Kreutzwaldi ; Vabaduse ; Õismäe ; Tähe ; Lõuna ; Järve
c Tallinn ; Tartu ; Pärnu ; Narva ; Rakvere ; Võru
p [1-9]#{4}

SI Slovenia
h $s $n ; $s $n$l ; $s ulica $n ; $s cesta $n
s Slovenska cesta ; Prešernova ; Trubarjeva ; Cankarjeva ; Pod hribom ; $rjeva ; Kolodvorska ; Čopova
c Ljubljana ; Maribor ; Celje ; Kranj ; Škofja Loka
t $h, $p $c ; $h, SI-$p $c
p [1-9]#{3}

HR Croatia
h $s $n ; $s ulica $n ; Ul. $s $n ; $s cesta $n/$l ; Trg $s % ; $s $n, %. kat
s Ilica ; Vukovarska ; Savska ; Kralja Tomislava ; Matije Gupca ; bana Jelačića ; $rova ; Žumberačka ; Ivana Gundulića
c Zagreb ; Split ; Rijeka ; Osijek ; Šibenik ; Čakovec
t $h, $p $c ; $h, HR-$p $c
p [1-5]#{4}

RS Serbia
h $s $n ; $s $n/$u ; ul. $s br. $n ; $s $n, stan $u ; Bulevar $s $n ; ул. $e $n ; $e $n/$u
t $h, $p $c ; $h, $c $p
s Kneza Miloša ; Cara Dušana ; Nemanjina ; Vojvode Stepe ; Njegoševa ; Svetog Save ; $rova ; oslobođenja
e Немањина ; Кнеза Милоша ; Цара Душана ; Његошева
c Beograd ; Novi Sad ; Niš ; Kragujevac ; Београд ; Čačak
p [1-3]#{4}

BA Bosnia
h $s $n ; $s br. $n ; ul. $s $n/$l
s Maršala Tita ; Titova ; Alipašina ; Zmaja od Bosne ; Kralja Tvrtka ; $rova
c Sarajevo ; Mostar ; Tuzla ; Banja Luka
p [78]#{4}

AL Albania
h Rruga $s, nr. $n ; Rr. $s, Pallati %, Ap. $u ; Bulevardi $s $n ; Rruga $s $n, kati %
s e Kavajës ; Myslym Shyri ; Dëshmorët e Kombit ; $r ; e Durrësit
c Tiranë ; Durrës ; Shkodër
t $h, $c $p ; $h, $p $c
p [1-9]00%
""")
