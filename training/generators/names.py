"""Names: given and family names of cultures round the world, common and rare ones side by side.

from training.generators.draw import words

Each culture is three lines: its name with its conventions, given names, family names; ``_`` stands for a space.
Conventions: ``first`` family name first in part of the cases, ``double`` two family names, ``dash`` two-part given names
with a hyphen or a space, ``bin`` patronymic with bin/binti, ``initial`` father's name as an initial, ``mono`` one name will do.
"""

from dataclasses import dataclass

from training.generators.draw import words


@dataclass(frozen=True, slots=True)
class Culture:
    """The names that go together."""

    name: str
    habits: frozenset[str]
    given: tuple[str, ...]
    family: tuple[str, ...]


_TABLE = """
english
James Emily Oliver Hannah George Charlotte Thomas Jessica Harry Lucy Daniel Sophie Edward Alice Benjamin Harriet Simon Rachel Nigel Beatrice Gareth Imogen Duncan Philippa
Smith Jones Taylor Brown Williams Davies Evans Thompson Walker Wright Robinson Hughes Green Hall Clarke Whitfield Ashworth Braithwaite Pemberton Thackeray Holroyd Winterbourne Smallwood Entwistle
american
Michael Jennifer Christopher Ashley Matthew Amanda Tyler Brittany Brandon Kayla Austin Megan Justin Lauren Kyle Stephanie Derek Tiffany Cody Heather Travis Crystal Dustin Misty
Johnson Miller Davis Wilson Anderson Thomas Moore Martin Jackson Lewis Clark Harris Young King Campbell Mitchell Carter Phillips Turner Parker Hendricks Stoltzfus Kowalczyk Lindquist
african_american
Darnell Latoya Jamal Keisha Tyrone Shanice DeShawn Ebony Malik Tanisha Marquis Aaliyah Terrell Imani Jermaine Nia Lamar Monique Andre Kiara
Washington Jefferson Booker Banks Freeman Coleman Gaines Mosley Dorsey Hairston Bankston Broadnax Gadson Tolliver Pettway
irish
Aoife Ciarán Niamh Seán Saoirse Oisín Siobhán Pádraig Gráinne Eoin Róisín Cillian Orla Declan Fionnuala Conor Sinéad Donal Bríd Ruairí
Murphy O'Brien Kelly O'Sullivan Byrne Ryan O'Connor Walsh O'Neill McCarthy Gallagher Doherty Kavanagh Ní_Dhomhnaill Mac_Giolla O'Shaughnessy McGillicuddy Fitzgerald Ó_Briain Delahunty
scottish
Callum Isla Hamish Eilidh Angus Mairi Fraser Catriona Gregor Kirsty Ewan Morag Alasdair Ailsa Rory Iona
MacDonald Campbell Stewart Murray MacLeod Sinclair McTavish Farquharson Colquhoun Drummond Lockhart Buchanan McAllister MacKenzie Urquhart
welsh
Rhys Carys Dylan Seren Gethin Angharad Llewellyn Bronwen Emrys Nerys Iestyn Ffion Owain Cerys
Llewelyn Morgan Griffiths Powell Pritchard ap_Rhys Gwynne Vaughan Bevan Prosser Cadwalader Penry
german
Lukas Hannah Jürgen Sabine Maximilian Käthe Florian Anneliese Stefan Ursula Björn Heike Wolfgang Greta Matthias Jannik Svenja Günther Liesel Detlef
Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schröder Krüger von_Hagen Großmann Jäger Kühn Pfeiffer Löwenstein Zimmermann von_der_Heide Schüßler Eichendorf
austrian_swiss
Reto Urs Beat Vreni Leopold Ludwig Sepp Annelies Regula Gernot Hannelore Xaver
Huber Gruber Steiner Pichler Zbinden Rüegg Bünzli Aebischer Brunner Frei Zürcher Moosbrugger
dutch
Daan Sanne Bram Femke Jeroen Lotte Sjoerd Anouk Thijs Marloes Ruben Fleur Joost Willemijn Maarten Roos
de_Vries van_den_Berg Jansen Bakker van_Dijk Visser de_Jong van_der_Meer Hoekstra van_'t_Hof Kuipers Dijkgraaf ter_Horst Oosterhuis van_den_Broek Zijlstra
flemish
Wout Lieselot Pieter Elke Dries Griet Koen Hilde Jelle Veerle
Peeters Janssens Maes Vandenberghe De_Smet Verhaegen Van_Damme Claeys Vercauteren D'Hondt
french
Camille Antoine Élodie Mathieu Chloé Benoît Amélie Jean-Pierre Marie-Claire Thibault Océane Gaëlle Loïc Solène François Hélène Cédric Noémie Rémi Jean-Luc
Martin Dubois Lefèvre Moreau Girard Lemoine de_la_Fontaine Dupont Beaumont Chevalier Rousseau D'Amboise Faucher Le_Goff Gauthier Lévêque du_Plessis Boulanger Tessier Perrault
quebecois
Jean-François Geneviève Étienne Maude Marc-André Mélissandre Yves Sylvie Alexis Josée
Tremblay Gagnon Bouchard Pelletier Lavoie Thibodeau Bergeron Desjardins St-Pierre Archambault
spanish double
Alejandro Lucía Javier Carmen Íñigo Marta Sergio Pilar Álvaro Rocío José_Luis Inés Gonzalo Nuria Ángel María_José Rubén Begoña Jordi Montse
García Fernández López Martínez Sánchez Gómez Ruiz Álvarez Jiménez Ortega Muñoz de_la_Torre Zubizarreta Etxeberria Ibáñez Peñalver del_Río Calderón Olmos Núñez
mexican double
Guadalupe Jesús Ximena Juan_Carlos Citlali Luis Miguel_Ángel Fernanda Cuauhtémoc Yolanda Refugio Rosario Héctor Lupita
Hernández Ramírez Flores de_la_Cruz Villarreal Morales Quintanilla Zapata Cervantes Bustamante Xochitl Treviño Escamilla
colombian double
Valentina Santiago Luz_Marina Jhon Yeison Paola Camilo Andrés_Felipe Leidy Duván
Rodríguez Restrepo Ospina Arango Uribe Londoño Echeverri Cárdenas Quintero Salazar
argentine
Facundo Martina Agustín Candela Lautaro Mora Joaquín Guadalupe Nahuel Pilar
González Pereyra Bianchi Acosta Ferreyra Di_Stefano Luna Giménez Ledesma Iriarte
cuban_caribbean double
Yusniel Yanelis Osvaldo Mayelín Reinier Odalys Wilfredo Altagracia
Pérez Valdés Batista Polanco Almonte Peguero Montes_de_Oca Santana
peruvian_andean double
Nayra Wayra Rumi Killa Percy Wilber Yeny Edwin
Quispe Mamani Condori Huamán Choque Ticona Ccori Yupanqui
portuguese double
João Inês Tiago Mafalda Gonçalo Beatriz Rui Catarina Nuno Leonor
Silva Ferreira Sousa Carvalho Figueiredo Magalhães da_Costa dos_Santos Simões Teixeira
brazilian double
Thiago Juliana Luiz Larissa Caio Rafaela João_Pedro Letícia Vinícius Thaís Wellington Jaqueline Anderson Rosângela
Oliveira Souza Pereira Lima Araújo Cavalcanti Nascimento da_Silva de_Oliveira Moreira Barros Conceição Guimarães Batista
italian
Giulia Matteo Chiara Lorenzo Alessandra Niccolò Francesca Gianluca Ilaria Salvatore Benedetta Pierpaolo Annamaria Ottavio
Rossi Russo Ferrari Esposito Bianchi Ricci De_Luca D'Angelo Della_Valle Lo_Presti Giordano Santangelo Di_Marco Zampieri Barbagallo
maltese
Ġorġ Marija Pawlu Ċensa Karmenu Rita
Borg Camilleri Vella Zammit Micallef Xuereb
greek
Georgios Eleni Dimitris Katerina Nikos Ioanna Stavros Despina Yiannis Vasiliki Panagiotis Foteini
Papadopoulos Nikolaidis Georgiou Karagiannis Pappas Vlachos Economou Theodorakis Anagnostopoulos Hatzis
cypriot
Andreas Androulla Costas Maroulla Kyriakos Chrystalla
Hadjigeorgiou Christodoulou Ioannou Savvides Kyprianou Charalambous
swedish
Erik Astrid Gustav Linnéa Oskar Ebba Håkan Åsa Göran Maja Björn Saga
Andersson Johansson Lindqvist Bergström Nyström Åkesson Söderberg Hedlund Ekström Wallin Sjögren
norwegian
Lars Ingrid Sindre Solveig Håkon Silje Øyvind Ragnhild Torbjørn Marit
Hansen Olsen Haugen Bakke Solberg Tveit Ødegård Nygaard Strømme Kvåle
danish
Mads Freja Søren Signe Rasmus Mette Jørgen Birgitte Anders Kirstine
Nielsen Jensen Pedersen Christensen Møller Kjær Nørgaard Thygesen Østergaard Bruun
finnish
Juhani Aino Mikko Päivi Eero Kaisa Antti Tuulikki Väinö Riikka
Korhonen Virtanen Mäkinen Nieminen Hämäläinen Lehtonen Rautiainen Järvinen Kettunen Heikkilä
icelandic
Jón Guðrún Sigurður Þóra Ólafur Björk Gunnar Sigríður Einar Hulda
Jónsson Sigurðardóttir Ólafsdóttir Gunnarsson Þorsteinsson Magnúsdóttir Einarsson Kristjánsdóttir
estonian
Mart Kadri Tõnu Piret Jaan Liis Rein Maarja
Tamm Saar Sepp Mägi Kask Kukk Rebane Põder
latvian
Jānis Ilze Andris Līga Mārtiņš Zane Edgars Dace
Bērziņš Kalniņa Ozols Liepiņa Krūmiņš Balodis Zariņa
lithuanian
Jonas Rūta Mindaugas Eglė Vytautas Daiva Tomas Giedrė
Kazlauskas Petrauskienė Jankauskas Stankevičius Butkutė Žukauskas Paulauskas
polish
Jakub Zofia Piotr Agnieszka Krzysztof Małgorzata Paweł Katarzyna Stanisław Grażyna Wojciech Jadwiga Zbigniew Bożena
Nowak Kowalski Wiśniewska Wójcik Kamiński Lewandowska Zieliński Szymańska Dąbrowski Woźniak Grzegorczyk Brzęczyszczykiewicz Pawłowska
czech
Jiří Tereza Tomáš Markéta Václav Zdeňka Ondřej Lenka Bohumil Květa
Novák Svobodová Dvořák Černá Procházka Kučerová Veselý Horáková Říha Zelenka
slovak
Ľubomír Zuzana Matúš Katarína Juraj Božena Peter Slávka
Horváth Kováčová Varga Tóthová Nagy Baláž Molnárová Šimko
hungarian first
László Zsófia Gergő Ágnes Bence Eszter Sándor Ildikó Zoltán Réka
Nagy Kovács Szabó Horváth Kiss Molnár Farkas Balogh Szilágyi Fehér
romanian
Andrei Ioana Mihai Elena Ștefan Ruxandra Bogdan Mădălina Vlad Crina
Popescu Ionescu Stan Dumitrescu Gheorghe Munteanu Rădulescu Țurcanu Constantinescu Moldovan
bulgarian
Georgi Desislava Ivaylo Radostina Plamen Tsvetelina Kaloyan Milena
Dimitrov Ivanova Petrov Stoyanova Todorov Georgieva Hristov Yordanova
serbian
Nikola Jelena Miloš Dragana Stefan Milica Zoran Vesna
Jovanović Petrović Nikolić Marković Đorđević Stojanović Pavlović Živković
croatian
Ivan Ana Luka Petra Marko Marija Ante Nikolina
Horvat Kovačić Babić Marić Jurić Vuković Šimić Perković
bosnian
Emir Amra Haris Lejla Mirza Selma Adnan Aida
Hodžić Begović Hadžić Delić Mujić Imamović Bešić
slovene
Matej Urška Žiga Špela Rok Nejc Tjaša Bojan
Zupančič Potočnik Kovačič Mlakar Golob Hribar Žagar
albanian
Arben Teuta Besnik Albana Ilir Drita Luan Vjosa
Hoxha Shehu Gjoka Krasniqi Berisha Dervishi Leka Zeqiri
macedonian
Goran Biljana Zlatko Elena Trajče Sonja
Stojanovski Trajkovska Nikolovski Dimitrievska Ristovski Angelova
ukrainian
Oleksandr Olena Andriy Iryna Mykola Oksana Taras Nadiya Bohdan Svitlana
Shevchenko Kovalenko Bondarenko Tkachuk Melnyk Lysenko Hrytsenko Zabolotna Petrenko Koval
russian
Dmitry Anastasia Sergey Ekaterina Aleksei Olga Vladimir Irina Igor Svetlana Mikhail Lyudmila
Ivanov Smirnova Kuznetsov Petrova Sokolov Volkova Morozov Novikova Lebedev Zaytseva Kozlov Vorobyova
belarusian
Yauhen Volha Aliaksandr Hanna Siarhei Nastassia
Kavalchuk Zhuk Navumava Lukashuk Dubrouski Karatkevich
georgian
Giorgi Nino Levan Tamar Irakli Ketevan Zurab Nana
Beridze Kapanadze Lomidze Gelashvili Maisuradze Tsiklauri Kvaratskhelia
armenian
Armen Ani Hayk Lusine Tigran Anahit Vardan Siranush
Petrosyan Harutyunyan Sargsyan Grigoryan Hakobyan Ter-Petrossian Manukyan
azerbaijani
Elvin Aygün Rəşad Günel Orxan Leyla Tural Nigar
Məmmədov Əliyeva Hüseynov Quliyeva Həsənov Ismayilova
kazakh_uzbek
Nursultan Aigerim Daniyar Gulnara Timur Dilnoza Sherzod Zarina Bekzod Madina
Nurmagambetov Akhmetova Karimov Yusupova Rakhimov Abdullaeva Tursunov Seitkali
turkish
Mehmet Ayşe Emre Elif Burak Zeynep Oğuz Şebnem Çağla Ömer Gülşen Tuğba
Yılmaz Demir Kaya Çelik Şahin Öztürk Aydın Koç Güneş Doğan Kılıç
kurdish
Baran Rojin Azad Berivan Serhat Dilan Hêvî Zana
Barzani Özdemir Karwan Hawrami Bozan Talabani
iranian
Reza Fatemeh Amir Zahra Hossein Maryam Arash Shirin Kaveh Niloufar Behzad Parisa
Mohammadi Hosseini Ahmadi Karimi Rezaei Tehrani Farahani Ghorbani Shirazi Jafari
afghan mono
Ahmad Mariam Najib Zarghuna Hamid Parwana Wali Soraya
Karzai Ahmadzai Noori Rahimi Stanikzai Popal Wardak
arab_levant
Omar Layla Karim Rania Elias Nour Fadi Dima Tarek Yasmine Bassam Hala
Haddad Khoury Nassar al-Masri Saleh Mansour Abu_Hassan Darwish El-Sayegh Shaheen
arab_gulf bin
Khalid Noura Faisal Maryam Sultan Hessa Saud Moza Rashid Shamma
al-Rashid Al_Mansoori al-Otaibi Al_Maktoum Al-Harbi Al_Thani al-Qahtani Al_Shamsi
egyptian
Mostafa Aya Mahmoud Heba Sherif Menna Hesham Dina Amr Nermin
Ibrahim El-Sayed Abdel-Rahman Fathy Hassan Gamal Abdelaziz Shafik
maghreb
Youssef Khadija Mehdi Salma Rachid Samira Hicham Ghizlane Sofiane Nawal
Benali Bouazza El_Idrissi Bensaïd Ouarzazi Belhadj Tazi Zerrouki
iraqi
Haider Zainab Mustafa Rusul Ali Shahad Sajad Hiba
al-Jubouri al-Tikriti al-Bayati Hussein Kadhim Jassim
hebrew
Noam Tamar Yossi Shira Eitan Michal Amit Hadas Gilad Noa Ofer Rivka
Cohen Levi Mizrahi Peretz Ben-David Friedman Bar-Lev Shapira Azoulay Katz
north_indian
Rahul Priya Amit Neha Vikram Anjali Rohit Pooja Sanjay Kavita Arjun Deepika Manoj Sunita Nikhil Shweta
Sharma Verma Gupta Singh Agarwal Mishra Kapoor Malhotra Chauhan Srivastava Tripathi Khanna Saxena Bhatnagar
south_indian initial
Karthik Lakshmi Suresh Divya Ramesh Meenakshi Venkatesh Sowmya Aravind Nithya Balaji Padma Thirumalai Raghavendra
Raman Iyer Krishnan Subramanian Nair Menon Reddy Rao Venkataraman Pillai Naidu Balasubramaniam Gowda Hegde
bengali
Arindam Sharmila Debashish Moumita Subrata Ananya Rahim Nusrat Tanvir Shirin
Chatterjee Mukherjee Banerjee Das Ghosh Sen Bhattacharya Chowdhury Hossain Rahman
gujarati_marathi
Jignesh Hetal Nirav Bhavna Sachin Rutuja Swapnil Ashwini Chirag Manasi
Patel Shah Mehta Desai Joshi Kulkarni Deshpande Jadhav Patil Bhosale Trivedi
punjabi_sikh
Gurpreet Harjit Manpreet Jaswinder Harpreet Simran Balwinder Navjot
Kaur Singh Gill Dhillon Sandhu Sidhu Grewal Brar Bhullar
pakistani
Bilal Ayesha Usman Sana Hamza Fatima Imran Zainab Faisal Mahnoor
Khan Malik Ahmed Qureshi Sheikh Butt Chaudhry Siddiqui Bhatti Mirza
sri_lankan
Nuwan Dilini Chaminda Sanduni Ruwan Thilini Kasun Ishara
Perera Fernando Silva Jayawardena Wickramasinghe Gunawardena Dissanayake Rajapaksha
nepali
Bishal Sita Prakash Sarita Suman Anju Dipesh Kabita
Shrestha Gurung Tamang Adhikari Thapa Poudel Karki Magar
chinese first
Wei Xiaoming Jing Haoran Meiling Yang Zhihao Lin Ming Yuxuan Fang Jianguo Xinyi Lei Qing Shufen Bo Ruoxi Guoqiang Tingting
Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Ma Zhu Hu Guo He Ouyang Xie Zheng Deng Qiu
cantonese first dash
Ka-Ming Siu-Wai Wing-Yan Chi-Keung Mei-Ling Tsz-Yan Kin-Fai Wai-Man
Chan Wong Cheung Lau Leung Ng Kwok Tsang Yip Fung Szeto Mak
taiwanese first dash
Chih-Wei Ya-Ting Chun-Hao Yi-Chen Kuan-Yu Pei-Shan Hsin-Yi Po-Han
Chen Lin Huang Tsai Hsu Hsieh Kuo Chuang Yeh Chiang
singaporean
Jun_Wei Hui_Min Kai_Xiang Shu_Fen Zhi_Hao Xin_Yi Boon_Keng Siew_Ling
Tan Lim Ng Goh Teo Ong Koh Chua Seah Toh
japanese first
Haruto Yui Kenji Sakura Hiroshi Aiko Takumi Naoko Ryō Misaki Shōta Keiko Daiki Yūko Satoshi Emi
Satō Suzuki Takahashi Tanaka Watanabe Itō Yamamoto Nakamura Kobayashi Katō Yoshida Ōno Hasegawa Kuroda
korean first dash
Ji-woo Min-jun Seo-yeon Hyun-woo Soo-jin Dong-hyun Eun-ji Jae-sung Hye-rin Yoo-na Tae-yang Sang-hoon
Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Shin Hwang Namgung Bae
vietnamese first
Minh Linh Tuấn Hương Đức Thảo Quang Ngọc Hiếu Trang Phúc Mai
Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ
thai
Somchai Siriporn Nattapong Kanya Prasert Malee Thanawat Supaporn
Srisai Chaiyasit Wongsakul Rattanaporn Thongchai Suwannarat Boonmee
filipino
Jose_Marie Maricel Rodel Analyn Jun-Jun Jhoanna Renato Cherry Bong Divina Rommel Maria_Clara
Santos Reyes Cruz Bautista dela_Cruz Villanueva Macaraeg Dimaculangan Pangilinan Magsaysay
indonesian mono
Budi Siti Agus Dewi Joko Sri Wahyu Putri Eko Ayu Bambang Ratna
Santoso Wijaya Setiawan Nugroho Hidayat Lestari Kusuma Simatupang Hutagalung
malay bin
Ahmad Nurul Mohd_Faiz Aishah Hafiz Siti_Aminah Azlan Farah Zulkifli Noraini
Abdullah Ismail Rahman Yusof Hamzah Osman Razak
burmese mono
Aung_Kyaw Thida Zaw_Min Khin_Mar Kyaw_Zin Su_Su
Myint Htun Oo Lwin Thant Win
khmer_lao first
Sokha Bopha Dara Sreymom Vannak Phetsamone Khamla Chanthavy
Chea Sok Keo Phommachanh Vongsa Prak Heng
mongolian mono
Bat-Erdene Oyunchimeg Ganbold Sarantuya Temüülen Enkhjargal
Dorj Batbayar Ganzorig Tsogt Purevdorj
nigerian_yoruba first
Oluwaseun Folake Adebayo Yetunde Babatunde Titilayo Femi Abisola Kayode Morenike
Adeyemi Ogunleye Balogun Akinola Oyelaran Adekunle Fashola Olatunji Ṣoyinka
nigerian_igbo first
Chukwuemeka Ngozi Obinna Adaeze Ikenna Chioma Uche Ifeoma Kelechi Nneka
Okafor Eze Nwosu Okonkwo Onyekachi Igwe Obi Nwachukwu Umeh
hausa
Musa Hauwa Sani Aisha Abubakar Zainab Garba Rabi
Danjuma Bello Abdullahi Yakubu Tanko Dangote Shehu
ghanaian
Kwame Akosua Kofi Ama Yaw Abena Kojo Efua Kwabena Adwoa
Mensah Owusu Boateng Asante Osei Appiah Amoah Nkrumah Agyemang
senegalese_malian
Mamadou Fatou Ousmane Aminata Cheikh Awa Modou Mariama
Diallo Ndiaye Diop Traoré Keïta Coulibaly Cissé N'Diaye Fall
kenyan
Wanjiru Kamau Achieng Otieno Njeri Kipchoge Mwende Barasa Chebet Mutua
Mwangi Ochieng Kariuki Wambui Odhiambo Kiptoo Njoroge Onyango Muthoni
tanzanian_swahili
Juma Neema Baraka Zawadi Rehema Hamisi Asha Salehe
Mwakyusa Mushi Massawe Kimaro Lyimo Mrema
ugandan_rwandan
Ssemakula Nakato Uwimana Mugisha Kagabo Ingabire Byaruhanga Namutebi
Museveni Habimana Nsengiyumva Okello Akello Mukasa Tumusiime
ethiopian mono
Abebe Hiwot Dawit Selam Tesfaye Mekdes Yonas Almaz Getachew Tigist
Bekele Haile Tadesse Gebremariam Alemu Wolde Girma Mengistu
somali bin
Abdi Hodan Mohamed Ifrah Farah Sahra Warsame Ayaan
Warsame Jama Abdullahi Hersi Dirie Farah Guled
zulu_xhosa
Thabo Nomvula Sipho Zanele Lindiwe Bongani Nokuthula Mandla Ayanda Themba
Dlamini Nkosi Ndlovu Khumalo Mthembu Zulu Mkhize Sithole Ngcobo
afrikaans
Pieter Annelie Hendrik Marike Jaco Elsabe Riaan Liezel
van_der_Merwe Botha Pretorius du_Plessis Venter Steenkamp Coetzee Janse_van_Rensburg
zimbabwean
Tendai Rudo Tatenda Chipo Farai Nyasha Kudzai Tapiwa
Moyo Ncube Chiweshe Mapfumo Dube Mutasa Chigumbura
congolese_cameroonian
Patrice Grâce Jean-Bosco Espérance Didier Solange Blaise Nadège
Mbeki Kabongo Tshibanda Nkoulou Eto'o Mbarga Ilunga Fotso
maori_pacific
Tāne Aroha Wiremu Mere Sione Lupe Tevita Sefina Rangi Ngaire
Te_Whata Parata Tuilagi Fonoti Vakatawa Faleolo Ngata Tupou Taufa
hawaiian
Keanu Leilani Kekoa Malia Kaimana Nohea
Kealoha Kahananui Nakamura Akana Kalama
native_american
Dakota Winona Takoda Aiyana Chayton Nizhoni
Begay Yazzie Tsosie Whitehorse Two_Bulls Swiftwater
haitian_jamaican
Wilner Marie-Ange Jocelyn Roseline Delroy Shanique Winston Shelly-Ann
Jean-Baptiste Toussaint Desrosiers Pierre-Louis Grant Bogle McFarlane
"""

_WORDS = """Will Mark Grace Hope Rob Sunny Chase Art May Bill Rose Joy Faith Dawn June April August Drew Grant Frank Jack
Max Pat Sue Bob Penny Ray Rich Dean Guy Gene Dale Glen Heath Cliff Skip Chip Buck Rusty Sandy Daisy Lily Iris Ivy Olive
Hazel Ginger Pepper Violet Ruby Pearl Amber Jade Crystal Gem Summer Autumn Winter River Sky Rain Stormy Brooke Forest Reed
Basil Sage Holly Heather Fern Clay Stone Flint Lance Colt Hunter Mason Carter Cooper Tanner Parker Miles Major Duke Earl
King Prince Norm Victor Harmony Melody Carol Aria Viola Angel Star Stella Luna Dusty Rocky Sonny Buddy Ace Jet Dash Blaze
Chance Lucky Trip Tripp Gage Wade Pierce Nick Jimmy Jenny Peg Patty Kitty Robin Jay Wren Birdie Teal Christian Bishop Pope
Eve Noel Wednesday Tuesday Bliss Charity Clarity Constance Honor Justice Liberty Mercy Patience Prudence Serenity Temperance
True Unity Verity Bear Fox Wolf Birch Ash Rowan Linden Cherry Clementine Berry Candy Cookie Honey Sugar Brandy Tawny Sienna
Paris London Austin Dallas Phoenix Houston Devon Chad Jordan India Asia China Israel Kenya Georgia Virginia Carolina
Florence Sydney Brooklyn Dakota Cruz Guillermo Ann Tab Link Page Case Ward Lane Dell Rod Don Van Ford Mac Bud Cash Bond Sterling"""
_WORD_FAMILIES = """Young Long Short Small Little Black White Brown Green Gray Rose Wood Woods Field Fields Brooks Rivers Lake Banks
Hill Stone Rock Bush Branch Berry Fish Fox Wolf Lamb Bird Hawk Crane Drake Swan Bull Cook Baker Potter Carpenter Taylor Weaver
Fisher Hunter Shepherd Miller Mason Smith Page Bell Ball Bond Price Rich Cash Penny Power Strong Sharp Swift Sweet Good Best Wise
Noble Bright Day Winter Summers Frost Snow Rain Storm Gale Church Bishop Pope Abbott Monk Knight King Prince Duke Marsh Moore
Dale Glenn Ford Bridges Street Lane House Hall Wall Gates Park Parks West North East Booth Case Cannon Pike Lance Love Hope Joy
Law Judge Marshall Constable Foreman Cherry Root Moss Reed Bean Rice Pepper Salt Oats Nutt Self Speed Trip Walker Driver Rider"""

WORD_GIVEN: tuple[str, ...] = tuple(_WORDS.split())
WORD_FAMILY: tuple[str, ...] = tuple(_WORD_FAMILIES.split())

#: Short forms people go by, for given names that have one.
NICKNAMES: dict[str, tuple[str, ...]] = {
    name: tuple(short.split(","))
    for name, _, short in (
        row.partition("=")
        for row in words("""James=Jim,Jamie Michael=Mike,Mikey Christopher=Chris,Topher Matthew=Matt Daniel=Dan,Danny
Thomas=Tom,Tommy Edward=Ed,Eddie,Ted Benjamin=Ben,Benji Jennifer=Jen,Jenny Jessica=Jess
Stephanie=Steph Charlotte=Lottie,Charlie Rachel=Rach Alejandro=Alex,Ale Javier=Javi
Francesca=Fra,Franci Salvatore=Totò Maximilian=Max Guadalupe=Lupe,Lupita Fernanda=Fer
Elizabeth=Liz,Beth Katarzyna=Kasia Małgorzata=Gosia Agnieszka=Aga Krzysztof=Krzysiek
Aleksei=Alyosha Ekaterina=Katya Anastasia=Nastya Dmitry=Dima Oleksandr=Sasha
Vladimir=Vova,Volodya Karthik=Karti Lakshmi=Lax Venkatesh=Venky Harpreet=Harry Gurpreet=Gary
Oluwaseun=Seun,Seyi Chukwuemeka=Emeka,Emy Babatunde=Tunde Ngozi=Ngo Xiaoming=Ming Mohamed=Mo
Youssef=Joe Georgios=George,Yorgos Dimitris=Jimmy Brittany=Britt Brandon=Bran Nicholas=Nick
Gregor=Greg Alasdair=Al Catriona=Cat Philippa=Pip,Pippa Beatrice=Bea Amanda=Mandy Matteo=Teo
Alessandra=Ale Wojciech=Wojtek Zbigniew=Zbyszek Stanisław=Staszek László=Laci Zsófia=Zsófi
Sándor=Sanyi Jürgen=Jogi""")
    )
}


def _cultures() -> tuple[Culture, ...]:
    rows = _TABLE.strip().split("\n")
    return tuple(
        Culture(
            head.split()[0],
            frozenset(head.split()[1:]),
            tuple(name.replace("_", " ") for name in given.split()),
            tuple(name.replace("_", " ") for name in family.split()),
        )
        for head, given, family in zip(rows[::3], rows[1::3], rows[2::3], strict=True)
    )


CULTURES: tuple[Culture, ...] = _cultures()
