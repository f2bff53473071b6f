"""Diseases: words that name a condition, a medicine or a treatment, as people in chat write them."""

from training.generators.draw import words

CONDITIONS: tuple[str, ...] = tuple(
    """type 1 diabetes; type 2 diabetes; diabetes; T1D; gestational diabetes; pre-diabetes; hypertension; high blood pressure; heart disease; heart failure; atrial fibrillation; afib;
a heart murmur; arrhythmia; coronary artery disease; heart attack; mild heart attack; stroke; mini stroke; TIA; aneurysm; deep vein thrombosis; DVT; blood clot; pulmonary embolism; anemia;
iron deficiency anemia; sickle cell disease; sickle cell anemia; hemophilia; thalassemia; leukemia; lymphoma; non-Hodgkin's lymphoma; Hodgkin lymphoma; multiple myeloma; breast cancer; stage 2 breast cancer;
stage 3 colon cancer; colon cancer; prostate cancer; lung cancer; ovarian cancer; cervical cancer; thyroid cancer; skin cancer; melanoma; pancreatic cancer; bladder cancer; testicular cancer; brain tumor;
glioblastoma; cancer; a benign tumor; kidney stones; kidney disease; chronic kidney disease; stage 4 CKD; kidney failure; polycystic kidney disease; gallstones; hepatitis B; hepatitis C; hep C; cirrhosis; fatty liver;
pancreatitis; Crohn's; Crohn's disease; crohns; ulcerative colitis; IBS; irritable bowel syndrome; celiac disease; coeliac; GERD; acid reflux disease; stomach ulcer; diverticulitis; appendicitis; hernia; inguinal hernia;
asthma; severe asthma; COPD; emphysema; cystic fibrosis; pulmonary fibrosis; pneumonia; double pneumonia; tuberculosis; TB; sarcoidosis; sleep apnea; long covid; HIV; HIV positive; AIDS; herpes; HPV; syphilis; chlamydia; gonorrhea;
Lyme disease; lyme; malaria; dengue; meningitis; encephalitis; shingles; mono; sepsis; MRSA; endocarditis; cellulitis; lupus; SLE; rheumatoid arthritis; RA; psoriatic arthritis; osteoarthritis; arthritis; gout; ankylosing spondylitis;
Sjögren's; sjogrens syndrome; scleroderma; fibromyalgia; fibro; chronic fatigue syndrome; ME/CFS; POTS; Ehlers-Danlos; EDS; hypermobile EDS; osteoporosis; scoliosis; herniated disc; slipped disc; sciatica; spinal stenosis; torn ACL; torn rotator cuff;
broken hip; fractured pelvis; carpal tunnel; multiple sclerosis; MS; relapsing MS; ALS; Parkinson's; parkinsons; Parkinson's disease; Alzheimer's; early onset Alzheimer's; dementia; vascular dementia; Huntington's disease; epilepsy; seizures; seizure disorder;
chronic migraines; migraine with aura; cluster headaches; narcolepsy; restless legs syndrome; Tourette's; neuropathy; Bell's palsy; Guillain-Barré; guillain barre; myasthenia gravis; muscular dystrophy; cerebral palsy; spina bifida; hydrocephalus; traumatic brain injury; TBI;
concussion; post-concussion syndrome; depression; major depression; clinical depression; postpartum depression; PPD; bipolar disorder; bipolar; bipolar II; anxiety; anxiety disorder; generalized anxiety disorder; GAD; panic attacks; panic disorder; social anxiety; OCD;
PTSD; C-PTSD; ADHD; adhd; ADD; autism; autistic; Asperger's; on the spectrum; borderline personality disorder; BPD; schizophrenia; schizoaffective disorder; psychosis; anorexia; bulimia; eating disorder; binge eating disorder; burnout; nervous breakdown; suicidal;
insomnia; alcoholism; alcohol use disorder; opioid addiction; substance abuse; gambling addiction; dyslexia; dyscalculia; Down syndrome; fragile X; hypothyroidism; hyperthyroidism; Hashimoto's; hashimotos; Graves' disease; graves disease; goiter; Addison's disease;
Cushing's syndrome; PCOS; endometriosis; endo; fibroids; ovarian cysts; menopause; perimenopause; infertility; miscarriage; a miscarriage; ectopic pregnancy; preeclampsia; pregnant; 12 weeks pregnant; 5 months pregnant; expecting twins; high-risk pregnancy; morning sickness; hyperemesis;
low testosterone; erectile dysfunction; prostatitis; enlarged prostate; psoriasis; eczema; severe eczema; rosacea; vitiligo; alopecia; hidradenitis suppurativa; glaucoma; macular degeneration; cataracts; retinal detachment; legally blind; color blind; blind in one eye; deaf;
hard of hearing; hearing loss; tinnitus; Meniere's disease; vertigo; celiac; peanut allergy; severe nut allergy; shellfish allergy; anaphylaxis; latex allergy; lactose intolerance; obesity; morbid obesity; high cholesterol; metabolic syndrome; paraplegic; wheelchair user; amputee;
below-knee amputation; chronic pain; complex regional pain syndrome; CRPS; vasculitis; Raynaud's; Marfan syndrome; Turner syndrome; Klinefelter syndrome; gender dysphoria; porphyria; hemochromatosis; Wilson's disease; PKU; G6PD deficiency; factor V Leiden; ITP; neutropenia; myocarditis; pericarditis;
cardiomyopathy; mitral valve prolapse; SVT; long QT; varicose veins; lymphedema; Kawasaki disease; interstitial cystitis; incontinence; UTI; kidney infection; nephrotic syndrome; IgA nephropathy; esophageal varices; Barrett's esophagus; gastroparesis; SIBO; C. diff; ostomy; autoimmune hepatitis; primary biliary cholangitis""".replace(
        "\n", " "
    ).split("; ")
)
QUALIFIERS: tuple[str, ...] = (
    "severe",
    "mild",
    "chronic",
    "stage 1",
    "stage 2",
    "stage 4",
    "early-stage",
    "acute",
    "recurrent",
    "undiagnosed",
    "metastatic",
    "untreated",
    "late-onset",
)

MEDICINES: tuple[str, ...] = (
    words("""metformin insulin Ozempic ozempic semaglutide Wegovy Mounjaro tirzepatide Jardiance Trulicity
Lantus Humalog Novolog Januvia glipizide lisinopril amlodipine losartan metoprolol atenolol
propranolol carvedilol hydrochlorothiazide furosemide Lasix spironolactone atorvastatin Lipitor
rosuvastatin Crestor simvastatin warfarin Coumadin Eliquis apixaban Xarelto Plavix clopidogrel
digoxin amiodarone levothyroxine Synthroid liothyronine methimazole Zoloft sertraline Prozac
fluoxetine Lexapro escitalopram Celexa citalopram Paxil paroxetine Wellbutrin bupropion Effexor
venlafaxine Cymbalta duloxetine Trintellix mirtazapine trazodone amitriptyline lithium Lamictal
lamotrigine Abilify aripiprazole Seroquel quetiapine risperidone Zyprexa olanzapine Latuda
clozapine haloperidol Xanax alprazolam Ativan lorazepam Klonopin clonazepam Valium diazepam
buspirone hydroxyzine Ambien zolpidem Lunesta Adderall Ritalin methylphenidate Vyvanse Concerta
Strattera atomoxetine guanfacine modafinil gabapentin Neurontin pregabalin Lyrica Keppra
levetiracetam Topamax topiramate Depakote carbamazepine Tegretol sumatriptan Imitrex Aimovig
Emgality Nurtec tramadol oxycodone OxyContin Percocet Vicodin hydrocodone morphine fentanyl
methadone Suboxone buprenorphine naltrexone Vivitrol Antabuse Humira adalimumab Enbrel Remicade
infliximab Stelara Entyvio Cosentyx Dupixent Skyrizi Rinvoq Xeljanz methotrexate Plaquenil
hydroxychloroquine sulfasalazine azathioprine prednisone tacrolimus cyclosporine CellCept
rituximab Ocrevus Tysabri Copaxone Tecfidera Gilenya Kesimpta tamoxifen letrozole anastrozole
Herceptin Keytruda Opdivo Ibrance Gleevec Revlimid Lupron Arimidex Taxol Zoladex Truvada PrEP
Descovy Biktarvy Genvoya dolutegravir Paxlovid acyclovir Valtrex valacyclovir Harvoni Epclusa
albuterol Ventolin Advair Symbicort Singulair montelukast Spiriva Xolair Trikafta omeprazole
pantoprazole mesalamine Lialda Creon clomid Clomid letrozole progesterone estradiol testosterone
spironolactone birth␣control Mirena Depo-Provera Accutane isotretinoin finasteride Flomax
tamsulosin Viagra sildenafil Cialis donepezil Aricept memantine levodopa Sinemet ropinirole
riluzole Botox allopurinol colchicine Fosamax alendronate Prolia Forteo EpiPen epinephrine
heparin Lovenox doxycycline vancomycin""")
)
FORMS: tuple[str, ...] = (
    "injections",
    "shots",
    "pump",
    "inhaler",
    "infusions",
    "patches",
    "tablets",
    "drip",
    "pen",
)

TREATMENTS: tuple[str, ...] = tuple(
    """chemo; chemotherapy; radiation; radiotherapy; radiation therapy; immunotherapy; dialysis; hemodialysis; home dialysis; IVF; ivf; egg retrieval; egg freezing; IUI; fertility treatment; a C-section; c-section; hysterectomy; mastectomy;
double mastectomy; lumpectomy; vasectomy; tubal ligation; abortion; D&C; knee replacement; hip replacement; spinal fusion; back surgery; ACL reconstruction; rotator cuff surgery; hernia repair; gallbladder removal; appendectomy; gastric bypass;
gastric sleeve; bariatric surgery; bypass surgery; triple bypass; open heart surgery; stent; angioplasty; pacemaker; ablation; valve replacement; kidney transplant; liver transplant; bone marrow transplant; stem cell transplant; cornea transplant;
thyroidectomy; prostatectomy; colostomy; bowel resection; colonoscopy; endoscopy; biopsy; breast biopsy; bone marrow biopsy; MRI; brain MRI; PET scan; mammogram; lumbar puncture; amniocentesis; cataract surgery; LASIK; skin graft; physical therapy;
physiotherapy; speech therapy; CBT; psychotherapy; EMDR; therapy for PTSD; couples therapy; ECT; TMS; ketamine infusions; rehab; inpatient rehab; detox; AA meetings; outpatient program; partial hospitalization; psychiatric hold; hormone therapy; HRT;
top surgery; gender-affirming surgery; testosterone therapy; insulin therapy; CPAP; oxygen therapy; blood transfusion; iron infusions; Botox injections for migraine; epidural steroid injections; allergy shots; methadone program; wound care; palliative care; hospice;
brain surgery; craniotomy; deep brain stimulation; cochlear implant; hearing aids; feeding tube; tracheotomy; port placement; nerve block; carpal tunnel surgery; foot surgery; prenatal appointments; an ultrasound; genetic testing; STD test; HIV test""".replace(
        "\n", " "
    ).split("; ")
)
